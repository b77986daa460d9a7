/* pop3-serve: speak POP3 after authentication, on one maildir. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <buffer.h>
#include <errmsg.h>

#include "fetch/pop3_command.h"
#include "fetch/pop3_session.h"
#include "fetch/pop3_timeout.h"
#include "lib/deadline.h"
#include "lib/home.h"
#include "lib/line.h"
#include "lib/linger.h"
#include "lib/log.h"
#include "lib/logins.h"
#include "lib/maildir_sweep.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define ERRORS_MAX 20
#define OUTPUT_BYTES 65536

static struct pop3_session session;
static char answers[OUTPUT_BYTES]; /* those that wait to be sent */
static int64_t command_due;        /* when the client must have sent the next command */

/* As pop3_timeout, but from wherever we are: a relative maildir is not one in the home.
 */
static unsigned
timeout_of_home(void)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	unsigned seconds;

	/* where there is no home, by hand, it says nothing: control/ is not found then */
	if (here == -1 || (chdir(home_path()) == -1 && chdir("/") == -1))
		diesys(DEFER, "unable to leave the working directory");
	seconds = pop3_timeout();
	if (fchdir(here) == -1)
		diesys(DEFER, "unable to return to the working directory");
	close(here);
	return seconds;
}

/* A client that hears this, or that we are gone, may come back at once. */
static void
say_last(const char *text)
{
	maildrop_unlock(&session.drop);
	pop3_session_refuse(&session, text);
	output_flush(&session.out);
	linger(0, 0);
}

static void
open_maildrop(const char *maildir)
{
	char count[DECIMAL_MAX];
	int in_use;

	if (maildrop_open(&session.drop, maildir) == 0) {
		output_say(&session.out,
		    "+OK messages: ", text_decimal(count, session.drop.count), "\r\n",
		    (char *)NULL);
		return;
	}
	in_use = errno == EWOULDBLOCK;
	if (!in_use)
		carpsys("unable to open ", maildir);
	log_event(NULL, "refused", "user", getenv("AUTHUSER"), "client",
	    getenv("TCPREMOTEIP"), "reason",
	    in_use ? "in use" : "unable to open the maildir", (char *)NULL);
	say_last(in_use ? "[IN-USE] another session has this mailbox"
			: "[SYS/TEMP] unable to open the mailbox");
	exit(DEFER);
}

/* Nothing is kept back from a client that waits; an operation for the buffer. */
static ssize_t
read_client(int fd, void *buf, size_t len)
{
	ssize_t r;

	output_flush(&session.out);
	do {
		if (session.out.failed || deadline_wait(fd, POLLIN, command_due) == -1)
			return -1;
		r = read(fd, buf, len);
	} while (r == -1 && (errno == EINTR || errno == EAGAIN));
	return r;
}

/* Answer commands until the end; returns what that was. */
static const char *
converse(void)
{
	static char space[4096];
	static stralloc line;
	buffer in;
	int r;

	buffer_init(&in, (ssize_t(*)())read_client, 0, space, sizeof(space));
	while (!session.quit && !session.incomplete && !session.out.failed) {
		if (session.errors == ERRORS_MAX) {
			say_last("too many errors");
			return "errors";
		}
		command_due = deadline_now() + (int64_t)session.out.seconds * 1000;
		r = line_read(&in, &line, POP3_LINE_MAX);
		if (logins_ended_here()) {
			say_last("this login has been ended");
			return "ended";
		}
		if (r == LINE_OK)
			pop3_session_obey(&session, &line);
		else if (r == LINE_LONG) {
			session.errors++;
			pop3_session_refuse(&session, "the command is too long");
		} else
			return r == LINE_ERROR && errno == ETIMEDOUT ? "timeout"
								     : "disconnected";
	}
	output_flush(&session.out);
	return session.quit ? "quit" : "disconnected";
}

static void
log_session(const char *end)
{
	char messages[DECIMAL_MAX], retrieved[DECIMAL_MAX], octets[DECIMAL_MAX];
	char removed[DECIMAL_MAX];

	log_event(NULL, "session", "user", getenv("AUTHUSER"), "client",
	    getenv("TCPREMOTEIP"), "end", end, "messages",
	    text_decimal(messages, session.drop.count), "retrieved",
	    text_decimal(retrieved, session.retrieved), "bytes",
	    text_decimal(octets, session.octets), "deleted",
	    text_decimal(removed, session.removed), (char *)NULL);
}

int
main(int argc, char **argv)
{
	const char *end;

	errmsg_iam("pop3-serve");
	if (argc != 2 || *argv[1] == '-')
		die(DEFER, "usage: pop3-serve maildir");
	signal(SIGPIPE, SIG_IGN);
	output_open(&session.out, 1, timeout_of_home(), answers, sizeof answers);

	open_maildrop(argv[1]);
	end = converse();
	maildrop_unlock(&session.drop);
	log_session(end);
	if (session.removed > 0)
		maildir_sweep(session.drop.fd);
	return session.quit && !session.unsure ? ACCEPT : DEFER;
}
