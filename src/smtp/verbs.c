#include <string.h>
#include <strings.h>

#include "lib/logins.h"
#include "lib/starttls.h"
#include "lib/text.h"
#include "smtp/auth.h"
#include "smtp/bdat.h"
#include "smtp/intruder.h"
#include "smtp/mail.h"
#include "smtp/oddity.h"
#include "smtp/reception.h"
#include "smtp/reply.h"
#include "smtp/tls.h"
#include "smtp/verbs.h"

#define COMMAND_MAX 512   /* with CRLF: RFC 5321, 4.5.3.1.4 */
#define EXTENDED_MAX 4096 /* with the parameters of extensions */
#define HELO_MAX 255      /* RFC 5321, 4.5.3.1.2 */

struct smtp_verb {
	const char *name;
	unsigned max; /* bytes of the line, CRLF included */
	void (*act)(struct session *session, const char *argument, size_t len);
	const char *reply; /* when there is nothing to act */
	unsigned flags;
};
#define IS_IDLE 1  /* it leads to no mail */
#define IS_ALONE 2 /* it has no argument */

/* Is it one word, of printable ASCII? */
static int
is_word(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] >= 127) /* UTF-8 is negative */
			return 0;
	return len > 0;
}

/*
 * What the client says it is; a helo policy may be stricter.  Our own may say what they
 * like: a printer has a name of three words, or none.  Returns 0 when it is unfit.
 */
static int
take_name(struct session *session, const char *name, size_t len)
{
	int is_fit = is_word(name, len);
	size_t i;

	if (len > HELO_MAX || (!is_fit && !session_is_ours()))
		return 0;
	session_reset(session);
	policies_forget_helo(&session->policies);
	session->helo.len = 0;
	text_catb(&session->helo, len ? name : "?", len ? len : 1);
	for (i = 0; !is_fit && i < session->helo.len; i++)
		if (!is_word(session->helo.s + i, 1))
			session->helo.s[i] = '?';
	text_terminate(&session->helo);
	if (!is_fit)
		oddity_note(session, len ? ODDITY_NAME : ODDITY_NO_NAME);
	return 1;
}

static void
do_helo(struct session *session, const char *name, size_t len)
{
	if (!take_name(session, name, len)) {
		session_complain(session, REPLY_HELO_SYNTAX);
		return;
	}
	session->extended = 0;
	wire_say(&session->channel, "250 ", session->me.s, (char *)NULL);
}

static void
do_ehlo(struct session *session, const char *name, size_t len)
{
	char size[DECIMAL_MAX], recipients[DECIMAL_MAX];
	const char *auth;

	if (!take_name(session, name, len)) {
		session_complain(session, REPLY_HELO_SYNTAX);
		return;
	}
	session->extended = 1;
	auth = auth_mechanisms(session);
	wire_say(&session->channel, "250-", session->me.s, *auth ? "\r\n250-AUTH" : "",
	    auth, "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE ",
	    text_decimal(size, session->databytes),
	    "\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-DSN\r\n250-LIMITS RCPTMAX=",
	    text_decimal(recipients, SESSION_RECIPIENTS_MAX),
	    starttls_active() ? "\r\n250-REQUIRETLS" : "",
	    starttls_offered() ? "\r\n250-STARTTLS" : "", "\r\n250 ENHANCEDSTATUSCODES",
	    (char *)NULL);
}

static void
do_rset(struct session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	session_reset(session);
	wire_say(&session->channel, REPLY_OK, (char *)NULL);
}

static void
do_vrfy(struct session *session, const char *argument, size_t len)
{
	(void)argument;
	if (len)
		wire_say(&session->channel, REPLY_CANNOT_VERIFY, (char *)NULL);
	else
		session_complain(session, REPLY_VRFY_SYNTAX);
}

static void
do_quit(struct session *session, const char *argument, size_t len)
{
	(void)argument;
	(void)len;
	wire_say(&session->channel, REPLY_BYE, (char *)NULL);
	session->ending = SESSION_ENDING_QUIT;
	session->is_left = 1;
}

static const struct smtp_verb verbs[] = {
    {"mail", EXTENDED_MAX, mail_begin, NULL, 0},
    {"rcpt", EXTENDED_MAX, mail_recipient, NULL, 0},
    {"data", COMMAND_MAX, reception_data, NULL, IS_ALONE},
    {"ehlo", COMMAND_MAX, do_ehlo, NULL, IS_IDLE},
    {"helo", COMMAND_MAX, do_helo, NULL, IS_IDLE},
    {"quit", COMMAND_MAX, do_quit, NULL, IS_ALONE},
    {"rset", COMMAND_MAX, do_rset, NULL, IS_ALONE | IS_IDLE},
    {"noop", COMMAND_MAX, NULL, REPLY_OK, IS_IDLE},
    {"vrfy", COMMAND_MAX, do_vrfy, NULL, IS_IDLE},
    {"help", COMMAND_MAX, NULL, REPLY_HELP, IS_IDLE},
    {"expn", COMMAND_MAX, NULL, REPLY_NOT_IMPLEMENTED, 0},
    {"auth", WIRE_LINE_MAX, auth_begin, NULL, 0},
    {"bdat", COMMAND_MAX, bdat, NULL, 0},
    {"etrn", COMMAND_MAX, NULL, REPLY_NOT_IMPLEMENTED, 0},
    {"starttls", COMMAND_MAX, tls_start, NULL, IS_ALONE},
    {NULL, COMMAND_MAX, NULL, REPLY_UNKNOWN, 0},
};

static const struct smtp_verb *
find_verb(const char *s, size_t len)
{
	const struct smtp_verb *verb;

	for (verb = verbs; verb->name != NULL; verb++)
		if (strlen(verb->name) == len && strncasecmp(verb->name, s, len) == 0)
			break;
	return verb;
}

/*
 * The command in s[0..len) without its line end and what is blank before it: "tolerate
 * trailing white space", RFC 5321, 4.1.1.  Returns 0 when it has no end, or holds what no
 * command does.
 */
static int
trim(struct session *session, const char *s, size_t *len)
{
	size_t i;

	if (!oddity_trim_end(session, s, len)) {
		session_complain(session, REPLY_LINE_END);
		return 0;
	}
	while (*len && (s[*len - 1] == ' ' || s[*len - 1] == '\t'))
		(*len)--;
	for (i = 0; i < *len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127) {
			session_complain(session, REPLY_CONTROL_CHARACTER);
			return 0;
		}
	return 1;
}

void
verbs_run(struct session *session, const char *s, size_t len)
{
	const struct smtp_verb *verb;
	const char *foreign = intruder_protocol(s, len);
	size_t total = len + 1, name;

	if (foreign != NULL) {
		session_expel(session, foreign);
		return;
	}
	if (logins_ended(session->login)) {
		wire_say(&session->channel, REPLY_LOGIN_ENDED, (char *)NULL);
		session->ending = "login ended";
		return;
	}
	session_hear(session, s, len);
	if (!trim(session, s, &len))
		return;
	for (name = 0; name < len && s[name] != ' '; name++)
		;
	verb = find_verb(s, name);
	if (total > verb->max) {
		session_complain(session, REPLY_LINE_TOO_LONG);
		return;
	}
	if (verb->flags & IS_IDLE && ++session->idle > SESSION_IDLE_MAX)
		session->strikes += SESSION_STRIKES_SYNTAX;
	while (name < len && s[name] == ' ')
		name++;
	if (verb->flags & IS_ALONE && name < len)
		session_complain(session, REPLY_NO_ARGUMENT);
	else if (verb->act != NULL)
		verb->act(session, s + name, len - name);
	else if (*verb->reply == '2')
		wire_say(&session->channel, verb->reply, (char *)NULL);
	else
		session_complain(session, verb->reply);
}

void
verbs_run_long(struct session *session, const char *s, size_t len)
{
	const char *foreign = intruder_protocol(s, len);

	session_hear(session, s, len);
	if (foreign != NULL)
		session_expel(session, foreign);
	else if (len > 5 && strncasecmp(s, "auth ", 5) == 0)
		session_complain(session, REPLY_AUTH_TOO_LONG);
	else
		session_complain(session, REPLY_LINE_TOO_LONG);
}
