#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/text.h"
#include "milter/milter_connect.h"
#include "milter/milter_packet.h"
#include "milter/milter_talk.h"

#define VERSION_LEAST 2
#define VERSION 6
#define ACTIONS 0x1ff /* all that milters may ask for, lists of macros included */
#define STEPS                                                                            \
	0x1ff7ff /* all that they may ask to be spared, or to be told otherwise, but     \
		  * what others have refused */
#define END_FACTOR 10 /* times as long, for the end of a message */
#define ANSWERS_MAX 10000

/* steps */
#define NO_CONNECT 0x1
#define NO_HELO 0x2
#define NO_MAIL 0x4
#define NO_RCPT 0x8
#define NO_BODY 0x10
#define NO_HEADERS 0x20
#define NO_HEADER_END 0x40
#define NO_REPLY_HEADER 0x80
#define NO_DATA 0x200
#define NO_REPLY_CONNECT 0x1000
#define NO_REPLY_HELO 0x2000
#define NO_REPLY_MAIL 0x4000
#define NO_REPLY_RCPT 0x8000
#define NO_REPLY_DATA 0x10000
#define NO_REPLY_HEADER_END 0x40000
#define NO_REPLY_BODY 0x80000
#define LEADING_SPACE 0x100000

#define REPLY_REFUSED "550 5.7.1 Command rejected"
#define REPLY_PUT_OFF "451 4.7.1 Service unavailable - try again later"

/* The milter is lost: why, with errno or 0. */
static int
lose(struct milter_talk *t, const char *why)
{
	int saved = errno;

	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
	t->state = (struct milter_state){0};
	t->why = why;
	errno = saved;
	return -1;
}

/* Send what has been put into out.  Returns 0, or -1. */
static int
flush(struct milter_talk *t)
{
	int r = deadline_write_all(t->fd, t->out.s, t->out.len, t->seconds);

	t->out.len = 0;
	return r == -1 ? lose(t, "unable to write to the milter") : 0;
}

/* The next packet, until the time at.  Returns 0, or -1. */
static int
hear(struct milter_talk *t, int64_t at, char *command, const char **data, size_t *len)
{
	ssize_t r;
	long n;

	if (t->taken > 0) {
		t->heard.len -= t->taken;
		memmove(t->heard.s, t->heard.s + t->taken, t->heard.len);
		t->taken = 0;
	}
	while (
	    (n = milter_packet_take(t->heard.s, t->heard.len, command, data, len)) == 0) {
		text_room(&t->heard, t->heard.len + 65536);
		if (deadline_wait(t->fd, POLLIN, at) == -1)
			return lose(t, "the milter does not answer");
		r = read(t->fd, t->heard.s + t->heard.len, 65536);
		if (r == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (r <= 0) {
			errno = r == 0 ? 0 : errno;
			return lose(t, "the milter has ended the connection");
		}
		t->heard.len += (size_t)r;
	}
	errno = 0;
	if (n == -1)
		return lose(t, "the milter says what is no packet");
	t->taken = (size_t)n;
	return 0;
}

static int64_t
due(const struct milter_talk *t, unsigned times)
{
	return deadline_now() + (int64_t)t->seconds * 1000 * times;
}

/* A reply of its own: a code of 4xx or 5xx, and a text made fit for a line. */
static int
take_reply(struct milter_talk *t, const char *s, size_t len)
{
	while (len > 0 && s[len - 1] == '\0')
		len--;
	if (len < 4 || (s[0] != '4' && s[0] != '5') || s[1] < '0' || s[1] > '9' ||
	    s[2] < '0' || s[2] > '9' || (s[3] != ' ' && s[3] != '-'))
		return 0;
	t->reply.len = 0;
	text_cat_printable(&t->reply, s, len, 400);
	t->reply.s[3] = ' ';
	text_terminate(&t->reply);
	return 1;
}

static int
refused(struct milter_talk *t, const char *reply)
{
	text_set(&t->reply, reply);
	return MILTER_VERDICT_REFUSED;
}

/* What an answer says that is no change.  Returns a verdict, or -1. */
static int
judge(struct milter_talk *t, char command, const char *s, size_t len)
{
	switch (command) {
	case MILTER_CONTINUE:
	case MILTER_SKIP:
		return MILTER_VERDICT_NONE;
	case MILTER_ACCEPT:
		return MILTER_VERDICT_ACCEPTED;
	case MILTER_DISCARD:
		return MILTER_VERDICT_DISCARDED;
	case MILTER_REJECT:
		return refused(t, REPLY_REFUSED);
	case MILTER_TEMPFAIL:
	case MILTER_CONNECTION_FAIL:
		return refused(t, REPLY_PUT_OFF);
	case MILTER_SHUTDOWN:
		return refused(t, "421 4.7.0 Service unavailable");
	case MILTER_REPLY:
		if (take_reply(t, s, len))
			return MILTER_VERDICT_REFUSED;
	}
	errno = 0;
	return lose(t, "the milter gives an answer that is none");
}

/* Is it spared this step? */
static int
is_spared(const struct milter_talk *t, uint32_t step)
{
	return ((t->state.steps | t->state.skipped) & step) != 0;
}

/* Send what is in out, which is of step, and, unless quiet, hear the verdict. */
static int
ask(struct milter_talk *t, uint32_t step, uint32_t quiet)
{
	int64_t at = due(t, 1);
	const char *s;
	size_t len;
	char command;

	if (flush(t) == -1)
		return -1;
	if (t->state.steps & quiet)
		return MILTER_VERDICT_NONE;
	do
		if (hear(t, at, &command, &s, &len) == -1)
			return -1;
	while (command == MILTER_PROGRESS);
	if (command == MILTER_SKIP)
		t->state.skipped |= step;
	return judge(t, command, s, len);
}

int
milter_talk_open(struct milter_talk *t, const char *address)
{
	struct milter_packet_reader r;
	uint32_t version, actions, steps;
	size_t at;
	char command;

	t->heard.len = t->taken = t->out.len = 0;
	t->fd = milter_connect(address, t->seconds, &t->why);
	if (t->fd == -1)
		return -1;
	at = milter_packet_begin(&t->out, MILTER_SAY_OPTIONS);
	milter_packet_put_number(&t->out, VERSION);
	milter_packet_put_number(&t->out, ACTIONS);
	milter_packet_put_number(&t->out, STEPS);
	milter_packet_end(&t->out, at);
	if (flush(t) == -1 || hear(t, due(t, 1), &command, &r.s, &r.len) == -1)
		return -1;
	errno = 0;
	if (command != MILTER_SAY_OPTIONS || !milter_packet_number(&r, &version) ||
	    !milter_packet_number(&r, &actions) || !milter_packet_number(&r, &steps) ||
	    version < VERSION_LEAST || version > VERSION || (actions & ~ACTIONS) ||
	    (steps & ~STEPS))
		return lose(t, "the milter wants options that there are not");
	t->state = (struct milter_state){.stage = MILTER_STAGE_OPEN,
	    .version = version,
	    .actions = actions,
	    .steps = steps};
	if (version < 4) /* such a one does not know the command */
		t->state.steps |= NO_DATA;
	return 0;
}

static void
put_macro(struct milter_talk *t, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	milter_packet_put_string(&t->out, name);
	milter_packet_put_string(&t->out, value);
}

static size_t
begin_macros(struct milter_talk *t, char command)
{
	size_t at = milter_packet_begin(&t->out, MILTER_SAY_MACROS);

	milter_packet_put(&t->out, &command, 1);
	return at;
}

static const char *
client_name(void)
{
	const char *name = getenv("TCPREMOTEHOST");

	return name != NULL && *name != '\0' ? name : "unknown";
}

static void
put_connection_macros(struct milter_talk *t)
{
	size_t at = begin_macros(t, MILTER_SAY_CONNECT);
	const char *ip = getenv("TCPREMOTEIP");
	stralloc peer = {0};

	text_cat(
	    &peer, client_name(), " [", ip != NULL ? ip : "unknown", "]", (char *)NULL);
	text_terminate(&peer);
	put_macro(t, "j", getenv("MILTER_ME"));
	put_macro(t, "_", peer.s);
	put_macro(t, "{daemon_name}", getenv("MILTER_ME"));
	put_macro(t, "v", "facteur");
	put_macro(t, "{client_addr}", ip);
	put_macro(t, "{client_name}", client_name());
	put_macro(t, "{client_port}", getenv("TCPREMOTEPORT"));
	put_macro(t, "{client_ptr}", client_name());
	put_macro(t, "{if_addr}", getenv("TCPLOCALIP"));
	milter_packet_end(&t->out, at);
	stralloc_free(&peer);
}

static int
note(struct milter_talk *t, int verdict, enum milter_stage stage, int is_of_all)
{
	if (verdict == -1)
		return -1;
	if (verdict == MILTER_VERDICT_ACCEPTED || verdict == MILTER_VERDICT_DISCARDED) {
		t->state.is_done_with_all |= is_of_all;
		t->state.is_done_with_message = 1;
		t->state.is_discarded |= verdict == MILTER_VERDICT_DISCARDED;
	}
	if (verdict != MILTER_VERDICT_REFUSED && t->state.stage < stage)
		t->state.stage = stage;
	return verdict;
}

int
milter_talk_connect(struct milter_talk *t)
{
	const char *ip = getenv("TCPREMOTEIP"), *port = getenv("TCPREMOTEPORT");
	unsigned long long number = 0;
	size_t at;
	char family;

	if (t->state.steps & NO_CONNECT)
		return note(t, MILTER_VERDICT_NONE, MILTER_STAGE_CONNECTED, 1);
	put_connection_macros(t);
	at = milter_packet_begin(&t->out, MILTER_SAY_CONNECT);
	milter_packet_put_string(&t->out, ip != NULL ? client_name() : "localhost");
	family = ip == NULL ? 'U' : strchr(ip, ':') != NULL ? '6' : '4';
	milter_packet_put(&t->out, &family, 1);
	if (ip != NULL) {
		if (port != NULL)
			text_number(port, strlen(port), 65535, &number);
		milter_packet_put(&t->out,
		    (char[]){(char)(number >> 8 & 255), (char)(number & 255)}, 2);
		milter_packet_put_string(&t->out, ip);
	}
	milter_packet_end(&t->out, at);
	return note(t, ask(t, 0, NO_REPLY_CONNECT), MILTER_STAGE_CONNECTED, 1);
}

int
milter_talk_helo(struct milter_talk *t, const char *name)
{
	size_t at;

	if (t->state.is_done_with_all)
		return MILTER_VERDICT_NONE;
	if (t->state.steps & NO_HELO)
		return note(t, MILTER_VERDICT_NONE, MILTER_STAGE_GREETED, 1);
	at = begin_macros(t, MILTER_SAY_HELO);
	put_macro(t, "{tls_version}", getenv("TLS_VERSION"));
	put_macro(t, "{cipher}", getenv("TLS_CIPHER"));
	milter_packet_end(&t->out, at);
	at = milter_packet_begin(&t->out, MILTER_SAY_HELO);
	milter_packet_put_string(&t->out, name);
	milter_packet_end(&t->out, at);
	return note(t, ask(t, 0, NO_REPLY_HELO), MILTER_STAGE_GREETED, 1);
}

/* The address in brackets, then each of its parameters. */
static void
put_address(struct milter_talk *t, char command, const char *address, const char *s)
{
	size_t at = milter_packet_begin(&t->out, command), len;

	milter_packet_put(&t->out, "<", 1);
	milter_packet_put(&t->out, address, strlen(address));
	milter_packet_put_string(&t->out, ">");
	for (s += strspn(s, " "); *s != '\0'; s += len + strspn(s + len, " ")) {
		len = strcspn(s, " ");
		milter_packet_put(&t->out, s, len);
		milter_packet_put(&t->out, "", 1);
	}
	milter_packet_end(&t->out, at);
}

static const char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "";
}

int
milter_talk_mail(
    struct milter_talk *t, const char *id, const char *address, const char *parameters)
{
	const char *user = getenv("AUTHUSER");
	size_t at;

	t->state.is_done_with_message = t->state.is_done_with_all;
	t->state.is_discarded = 0;
	t->state.skipped = 0;
	if (t->state.is_done_with_all)
		return MILTER_VERDICT_NONE;
	if (t->state.steps & NO_MAIL)
		return note(t, MILTER_VERDICT_NONE, MILTER_STAGE_MAIL, 0);
	at = begin_macros(t, MILTER_SAY_MAIL);
	put_macro(t, "i", id);
	put_macro(t, "{auth_authen}", user);
	put_macro(t, "{auth_type}", user != NULL ? "SASL" : NULL);
	put_macro(t, "{mail_mailer}", "smtp");
	put_macro(t, "{mail_host}", domain_of(address));
	put_macro(t, "{mail_addr}", address);
	milter_packet_end(&t->out, at);
	put_address(t, MILTER_SAY_MAIL, address, parameters);
	return note(t, ask(t, 0, NO_REPLY_MAIL), MILTER_STAGE_MAIL, 0);
}

int
milter_talk_rcpt(struct milter_talk *t, const char *address, const char *parameters)
{
	size_t at;

	if (t->state.is_done_with_message)
		return MILTER_VERDICT_NONE;
	if (is_spared(t, NO_RCPT))
		return note(t, MILTER_VERDICT_NONE, MILTER_STAGE_RCPT, 0);
	at = begin_macros(t, MILTER_SAY_RCPT);
	put_macro(t, "{rcpt_mailer}", "smtp");
	put_macro(t, "{rcpt_host}", domain_of(address));
	put_macro(t, "{rcpt_addr}", address);
	milter_packet_end(&t->out, at);
	put_address(t, MILTER_SAY_RCPT, address, parameters);
	return note(t, ask(t, NO_RCPT, NO_REPLY_RCPT), MILTER_STAGE_RCPT, 0);
}

/* A command without data. */
static int
say(struct milter_talk *t, char command, uint32_t skipped, uint32_t quiet)
{
	if (t->state.is_done_with_message || t->state.steps & skipped)
		return MILTER_VERDICT_NONE;
	milter_packet_end(&t->out, milter_packet_begin(&t->out, command));
	return note(t, ask(t, 0, quiet), MILTER_STAGE_DATA, 0);
}

int
milter_talk_data(struct milter_talk *t)
{
	return say(t, MILTER_SAY_DATA, NO_DATA, NO_REPLY_DATA);
}

int
milter_talk_header(struct milter_talk *t, const char *name, const char *value)
{
	size_t at;

	if (t->state.is_done_with_message || is_spared(t, NO_HEADERS))
		return MILTER_VERDICT_NONE;
	if (!(t->state.steps & LEADING_SPACE) && *value == ' ')
		value++;
	at = milter_packet_begin(&t->out, MILTER_SAY_HEADER);
	milter_packet_put_string(&t->out, name);
	milter_packet_put_string(&t->out, value);
	milter_packet_end(&t->out, at);
	return note(t, ask(t, NO_HEADERS, NO_REPLY_HEADER), MILTER_STAGE_DATA, 0);
}

int
milter_talk_header_end(struct milter_talk *t)
{
	return say(t, MILTER_SAY_HEADER_END, NO_HEADER_END, NO_REPLY_HEADER_END);
}

int
milter_talk_body(struct milter_talk *t, const char *s, size_t len)
{
	size_t at;

	if (t->state.is_done_with_message || is_spared(t, NO_BODY) || len == 0)
		return MILTER_VERDICT_NONE;
	at = milter_packet_begin(&t->out, MILTER_SAY_BODY);
	milter_packet_put(&t->out, s, len);
	milter_packet_end(&t->out, at);
	return note(t, ask(t, NO_BODY, NO_REPLY_BODY), MILTER_STAGE_DATA, 0);
}

static int
is_change(char command)
{
	return strchr("himb+2-eq", command) != NULL && command != '\0';
}

int
milter_talk_end(struct milter_talk *t, const char *id,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose)
{
	int64_t at = due(t, END_FACTOR);
	unsigned answers = 0;
	const char *s;
	size_t len, packet;
	char command;

	if (t->state.is_done_with_message)
		return t->state.is_discarded ? MILTER_VERDICT_DISCARDED
					     : MILTER_VERDICT_NONE;
	packet = begin_macros(t, MILTER_SAY_BODY_END);
	put_macro(t, "i", id);
	milter_packet_end(&t->out, packet);
	milter_packet_end(&t->out, milter_packet_begin(&t->out, MILTER_SAY_BODY_END));
	if (flush(t) == -1)
		return -1;
	for (;;) {
		if (hear(t, at, &command, &s, &len) == -1)
			return -1;
		errno = 0;
		if (++answers > ANSWERS_MAX)
			return lose(t, "the milter wants too many changes");
		if (command == MILTER_PROGRESS)
			at = due(t, END_FACTOR);
		else if (!is_change(command))
			break;
		else if (!each(whose, command, s, len))
			return lose(t, "the milter wants a change that is none");
	}
	t->state.stage = MILTER_STAGE_GREETED;
	return judge(t, command, s, len);
}

void
milter_talk_abort(struct milter_talk *t)
{
	if (t->fd == -1 || t->state.stage < MILTER_STAGE_MAIL)
		return;
	milter_packet_end(&t->out, milter_packet_begin(&t->out, MILTER_SAY_ABORT));
	t->state.is_done_with_message = t->state.is_done_with_all;
	t->state.is_discarded = 0;
	t->state.stage = MILTER_STAGE_GREETED;
	flush(t);
}

void
milter_talk_close(struct milter_talk *t)
{
	if (t->fd == -1)
		return;
	milter_packet_end(&t->out, milter_packet_begin(&t->out, MILTER_SAY_QUIT));
	if (flush(t) == 0)
		close(t->fd);
	t->fd = -1;
}
