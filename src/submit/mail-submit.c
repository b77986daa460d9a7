/* mail-submit: take a message of a local program, as sendmail does. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/from_addresses.h"
#include "lib/home_path.h"
#include "lib/text.h"
#include "submit/submit_caller.h"
#include "submit/submit_header.h"
#include "submit/submit_message.h"
#include "submit/submit_options.h"
#include "submit/submit_parameters.h"
#include "submit/submit_session.h"

#define SHOWN_MAX 400 /* bytes of an argument, or of an address of the header */

static struct submit_options options;
static struct submit_caller caller;
static struct submit_message message = {.header_max = SUBMIT_HEADER_MAX};
static struct submit_session session;
static stralloc sender;     /* C string */
static stralloc recipients; /* each ended by \0 */

static void __attribute__((noreturn)) give_up(int code, const char *what, const char *why)
{
	stralloc shown = {0};

	text_cat_printable(&shown, what, strlen(what), SHOWN_MAX);
	text_terminate(&shown);
	carp(shown.s, ": ", why, ": nothing was sent");
	_exit(code);
}

/* Go on only if code, one of sysexits.h, says that all is well. */
static void
demand(int code)
{
	if (code != 0)
		_exit(code);
}

/* Become the program of that name that stands beside us. */
static void __attribute__((noreturn)) become(const char *name)
{
	char path[PATH_MAX + NAME_MAX];
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX);
	char *slash = len > 0 ? memrchr(path, '/', (size_t)len) : NULL;

	if (slash != NULL) {
		strcpy(slash + 1, name);
		execl(path, name, (char *)NULL);
	}
	carpsys("unable to run ", name);
	_exit(EX_OSERR);
}

/* Add the addresses of the list s to the recipients. */
static void
add_recipients(const char *s)
{
	size_t len = strlen(s), at = 0, domain_at;
	stralloc address = {0};
	int r;

	while ((r = from_addresses_next_bare(s, len, &at, &address, &domain_at)) == 1) {
		text_catb(&recipients, address.s, address.len);
		if (domain_at > 0)
			text_cat(&recipients, "@", caller.domain.s, (char *)NULL);
		text_catb(&recipients, "", 1);
	}
	if (r == -1)
		give_up(EX_DATAERR, s, "malformed address");
	stralloc_free(&address);
}

/* Who sends it: what -f says, perhaps in brackets, or the caller. */
static void
choose_sender(const char *s)
{
	size_t len = strlen(s);

	if (len >= 2 && s[0] == '<' && s[len - 1] == '>') {
		s++;
		len -= 2;
	}
	text_setb(&sender, s, len);
	if (len > 0 && address_domain(s, len) == 0) {
		text_cat(&sender, "@", caller.domain.s, (char *)NULL);
		text_terminate(&sender);
	}
	if (len > 0 && !address_is_mailbox(sender.s, sender.len))
		give_up(EX_DATAERR, sender.s, "malformed address");
}

static void
find_parties(char **words)
{
	const char *why = submit_caller_read(&caller);

	if (why != NULL) {
		carpsys(why, ": nothing was sent");
		_exit(EX_TEMPFAIL);
	}
	choose_sender(options.sender != NULL ? options.sender : caller.address.s);
	submit_caller_put_from(
	    &caller, options.sender != NULL ? sender.s : "", options.name);
	for (; *words != NULL; words++)
		add_recipients(*words);
}

static void
read_header(void)
{
	const char *field;

	message.input.ignores_dots = options.ignores_dots;
	message.from = caller.from.s;
	message.host = caller.me.s;
	demand(submit_message_read_header(&message));
	field =
	    submit_message_complete(&message, options.is_gateway ? NULL : caller.domain.s,
		options.is_gateway ? NULL : caller.address.s,
		options.takes_recipients ? &recipients : NULL);
	if (field != NULL)
		give_up(EX_DATAERR, field, "malformed list of addresses");
}

/* All that there is to say of the message before it comes. */
static void
say_envelope(void)
{
	static stralloc mail, rcpt;
	const char *wrong = submit_parameters_put(
	    &mail, &rcpt, &options, submit_parameters_need_utf8(&sender, &recipients));

	if (wrong != NULL)
		give_up(EX_USAGE, wrong, "unusable argument");
	if (recipients.len == 0)
		give_up(EX_USAGE, options.takes_recipients ? "-t" : "usage",
		    options.takes_recipients ? "the header names no recipient"
					     : "sendmail [option...] recipient...");
	demand(submit_session_open(&session, caller.me.s));
	demand(submit_session_envelope(&session, sender.s, mail.s, &recipients, rcpt.s));
}

static int
send_message(char **words)
{
	find_parties(words);
	read_header();
	say_envelope();
	demand(submit_session_data(&session));
	demand(submit_message_send(&message, &session.output));
	return submit_session_conclude(&session);
}

/* The answer is one line for each, on descriptor 1. */
static int
verify(char **words)
{
	const char *r;
	stralloc out = {0};

	find_parties(words);
	say_envelope();
	for (r = recipients.s; r < recipients.s + recipients.len; r += strlen(r) + 1)
		text_cat(&out, r, ": mail for it is taken\n", (char *)NULL);
	return write(1, out.s, out.len) == (ssize_t)out.len ? 0 : EX_IOERR;
}

/* -v shows the dialogue on descriptor 2, -X keeps it. */
static void
prepare_record(void)
{
	session.shows = options.verbose || options.record != NULL;
	session.show_fd = 2;
	if (options.record == NULL)
		return;
	session.show_fd =
	    open(options.record, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (session.show_fd == -1) {
		carpsys("unable to open ", options.record, ": nothing was sent");
		_exit(EX_CANTCREAT);
	}
}

/* The code is ours to give: queue-list knows nothing of sysexits.h. */
static void
demand_queue(void)
{
	stralloc path = {0};

	text_cat(&path, home_path(), "/queue", (char *)NULL);
	text_terminate(&path);
	if (access(path.s, R_OK | X_OK) == 0 || errno != EACCES)
		return;
	carp("permission denied: only root and its owner may look into ", path.s);
	_exit(EX_NOPERM);
}

/* What is no work of ours is done, or refused, here; returns else. */
static void
leave_to_others(void)
{
	switch (options.mode) {
	case SUBMIT_QUEUE:
		demand_queue();
		become("queue-list");
	case SUBMIT_ALIASES:
		become("mail-compile");
	case SUBMIT_NOTHING:
		_exit(0);
	case SUBMIT_UNKNOWN:
		carp("-b takes m, s, v, p and i only: the services run by themselves");
		_exit(EX_USAGE);
	default:
		return;
	}
}

/* A caller may have closed one of them: the session, on its number, would get what is
 * meant for it. */
static void
occupy_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd == -1)
		_exit(EX_OSERR);
	close(fd);
}

int
main(int argc, char **argv)
{
	char **words;

	occupy_descriptors();
	errmsg_iam("mail-submit");
	words = argv + submit_options_take(&options, argc, argv);
	leave_to_others();
	signal(SIGPIPE, SIG_IGN);
	prepare_record();
	if (chdir(home_path()) == -1) {
		carpsys("unable to enter ", home_path(),
		    ": nothing was sent, try again later");
		return EX_TEMPFAIL;
	}
	switch (options.mode) {
	case SUBMIT_VERIFY:
		return verify(words);
	case SUBMIT_SESSION:
		return submit_session_relay();
	default:
		return send_message(words);
	}
}
