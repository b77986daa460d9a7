#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "receive/smtp_auth.h"
#include "receive/smtp_bdat.h"
#include "receive/smtp_mail.h"
#include "receive/smtp_message.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_tls.h"
#include "receive/smtp_verbs.h"

#define COMMAND_MAX 512   /* with CRLF: RFC 5321, 4.5.3.1.4 */
#define EXTENDED_MAX 4096 /* with the parameters of extensions */
#define HELO_MAX 255      /* RFC 5321, 4.5.3.1.2 */

struct smtp_verb {
	const char *name;
	unsigned max; /* bytes of the line, CRLF included */
	void (*act)(struct smtp_session *session, const char *argument, size_t len);
	int is_idle; /* it leads to no mail */
};

/* What the client says it is; a helo policy may be stricter.  Returns 0 when it is unfit.
 */
static int
take_name(struct smtp_session *session, const char *name, size_t len)
{
	size_t i;

	if (!len || len > HELO_MAX)
		return 0;
	for (i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] >= 127) /* UTF-8 is negative */
			return 0;
	smtp_session_reset(session);
	smtp_policies_forget_helo(&session->policies);
	session->helo.len = 0;
	text_catb(&session->helo, name, len);
	text_terminate(&session->helo);
	return 1;
}

static void
do_helo(struct smtp_session *session, const char *name, size_t len)
{
	if (!take_name(session, name, len)) {
		smtp_session_complain(session, REPLY_HELO_SYNTAX);
		return;
	}
	session->extended = 0;
	smtp_channel_say(&session->channel, "250 ", session->me.s, NULL);
}

static void
do_ehlo(struct smtp_session *session, const char *name, size_t len)
{
	char size[DECIMAL_MAX], recipients[DECIMAL_MAX];
	const char *auth;

	if (!take_name(session, name, len)) {
		smtp_session_complain(session, REPLY_HELO_SYNTAX);
		return;
	}
	session->extended = 1;
	auth = smtp_auth_mechanisms(session);
	smtp_channel_say(&session->channel, "250-", session->me.s,
	    *auth ? "\r\n250-AUTH" : "", auth,
	    "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE ",
	    text_decimal(size, session->databytes),
	    "\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-DSN\r\n250-LIMITS RCPTMAX=",
	    text_decimal(recipients, SMTP_RECIPIENTS_MAX),
	    smtp_session_is_encrypted() ? "\r\n250-REQUIRETLS" : "",
	    smtp_tls_capability(), "\r\n250 ENHANCEDSTATUSCODES", NULL);
}

static void
do_rset(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	if (len) {
		smtp_session_complain(session, REPLY_NO_ARGUMENT);
		return;
	}
	smtp_session_reset(session);
	smtp_channel_say(&session->channel, REPLY_OK, NULL);
}

static void
do_noop(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	smtp_channel_say(&session->channel, REPLY_OK, NULL);
}

static void
do_help(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	smtp_channel_say(&session->channel, REPLY_HELP, NULL);
}

static void
do_vrfy(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	if (len)
		smtp_channel_say(&session->channel, REPLY_CANNOT_VERIFY, NULL);
	else
		smtp_session_complain(session, REPLY_VRFY_SYNTAX);
}

static void
do_quit(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	if (len) {
		smtp_session_complain(session, REPLY_NO_ARGUMENT);
		return;
	}
	smtp_channel_say(&session->channel, REPLY_BYE, NULL);
	session->ending = SMTP_ENDING_QUIT;
}

static void
do_unimplemented(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	smtp_session_complain(session, REPLY_NOT_IMPLEMENTED);
}

static void
do_unknown(struct smtp_session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	smtp_session_complain(session, REPLY_UNKNOWN);
}

static const struct smtp_verb verbs[] = {
    {"mail", EXTENDED_MAX, smtp_mail_begin, 0},
    {"rcpt", EXTENDED_MAX, smtp_mail_recipient, 0},
    {"data", COMMAND_MAX, smtp_message_data, 0},
    {"ehlo", COMMAND_MAX, do_ehlo, 1},
    {"helo", COMMAND_MAX, do_helo, 1},
    {"quit", COMMAND_MAX, do_quit, 0},
    {"rset", COMMAND_MAX, do_rset, 1},
    {"noop", COMMAND_MAX, do_noop, 1},
    {"vrfy", COMMAND_MAX, do_vrfy, 1},
    {"help", COMMAND_MAX, do_help, 1},
    {"expn", COMMAND_MAX, do_unimplemented, 0},
    {"auth", SMTP_LINE_MAX, smtp_auth_begin, 0},
    {"bdat", COMMAND_MAX, smtp_bdat, 0},
    {"etrn", COMMAND_MAX, do_unimplemented, 0},
    {"starttls", COMMAND_MAX, smtp_tls_start, 0},
    {NULL, COMMAND_MAX, do_unknown, 0},
};

static const struct smtp_verb *
find_verb(const char *s, size_t len)
{
	const struct smtp_verb *verb;

	for (verb = verbs; verb->name; verb++)
		if (strlen(verb->name) == len && !strncasecmp(verb->name, s, len))
			break;
	return verb;
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* " HTTP/1.1" at the end of s[0..len), as of a request with any method */
static int
ends_as_request(const char *s, size_t len)
{
	static const char version[] = " HTTP/";
	size_t size = sizeof version - 1 + 3;

	return len >= size && !strncasecmp(s + len - size, version, sizeof version - 1) &&
	       is_digit(s[len - 3]) && s[len - 2] == '.' && is_digit(s[len - 1]);
}

/*
 * What a browser was made to send may hold anything in what follows, commands too.  No
 * command has a colon in its first word, but every header field has.
 */
static const char *
find_foreign(const char *s, size_t len)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "HEAD", "OPTIONS",
	    "CONNECT", "DELETE", "PATCH", "TRACE", "PRI", NULL};
	const char *const *method;
	size_t word;

	while (len && strchr(" \t\r", s[len - 1]) && s[len - 1])
		len--;
	for (word = 0; word < len && s[word] != ' '; word++)
		;
	for (method = methods; *method; method++)
		if (word == strlen(*method) && !strncasecmp(*method, s, word))
			return "HTTP";
	if (ends_as_request(s, len))
		return "HTTP";
	return word > 1 && s[word - 1] == ':' ? "header" : NULL;
}

void
smtp_verbs_run(struct smtp_session *session, const char *s, size_t len)
{
	const struct smtp_verb *verb;
	const char *foreign = find_foreign(s, len);
	size_t i, total = len + 1, name;

	if (foreign) {
		smtp_session_expel(session, foreign);
		return;
	}
	if (!len || s[len - 1] != '\r') {
		smtp_session_complain(session, REPLY_LINE_END);
		return;
	}
	/* "tolerate trailing white space": RFC 5321, 4.1.1 */
	for (len--; len && (s[len - 1] == ' ' || s[len - 1] == '\t'); len--)
		;
	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127) {
			smtp_session_complain(session, REPLY_CONTROL_CHARACTER);
			return;
		}
	for (name = 0; name < len && s[name] != ' '; name++)
		;
	verb = find_verb(s, name);
	if (total > verb->max) {
		smtp_session_complain(session, REPLY_LINE_TOO_LONG);
		return;
	}
	if (verb->is_idle && ++session->idle > SMTP_IDLE_MAX)
		session->strikes += SMTP_STRIKES_SYNTAX;
	while (name < len && s[name] == ' ')
		name++;
	verb->act(session, s + name, len - name);
}

void
smtp_verbs_run_long(struct smtp_session *session, const char *s, size_t len)
{
	const char *foreign = find_foreign(s, len);

	if (foreign)
		smtp_session_expel(session, foreign);
	else if (len > 5 && !strncasecmp(s, "auth ", 5))
		smtp_session_complain(session, REPLY_AUTH_TOO_LONG);
	else
		smtp_session_complain(session, REPLY_LINE_TOO_LONG);
}
