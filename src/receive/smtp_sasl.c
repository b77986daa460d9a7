#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <errmsg.h>

#include "lib/base64.h"
#include "lib/control.h"
#include "lib/line.h"
#include "lib/log.h"
#include "lib/text.h"
#include "receive/sasl_plain.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_sasl.h"

#define USER_PROMPT "Username:"
#define PASSWORD_PROMPT "Password:"

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

int
smtp_sasl_message(struct smtp_sasl *d, const char *s, size_t len)
{
	ssize_t r;

	if (!stralloc_ready(&d->message, BASE64_DECODED_MAX(len) + 1)) {
		smtp_session_complain(d->session, REPLY_AUTH_TROUBLE);
		return 0;
	}
	r = base64_decode(d->message.s, s, len);
	if (r == -1) {
		smtp_session_complain(d->session, REPLY_AUTH_SYNTAX);
		return 0;
	}
	d->message.len = (size_t)r;
	text_terminate(&d->message);
	d->has_message = 1;
	return 1;
}

/*
 * Send the challenge s[0..len) and wait for what the client says to it.  Returns 1, or 0
 * when the dialogue is over, with its reply given.
 */
static int
challenge(struct smtp_sasl *d, const char *s, size_t len)
{
	struct smtp_channel *ch = &d->session->channel;
	stralloc encoded = {0};
	const char *line;
	int r;

	base64_put(&encoded, s, len);
	text_terminate(&encoded);
	smtp_channel_say(ch, "334 ", encoded.s, NULL);
	stralloc_free(&encoded);
	r = smtp_channel_line(ch, &line, &len);
	if (r == LINE_LONG)
		smtp_session_complain(d->session, REPLY_AUTH_TOO_LONG);
	else if (r == SMTP_LINE_TLS)
		smtp_session_expel(d->session, "TLS");
	else if (r != LINE_OK)
		smtp_session_lose(d->session, r);
	else if (!len || line[len - 1] != '\r')
		smtp_session_complain(d->session, REPLY_LINE_END);
	else if (len == 2 && line[0] == '*')
		smtp_session_complain(d->session, REPLY_AUTH_CANCELLED);
	else
		return smtp_sasl_message(d, line, len - 1);
	return 0;
}

static void
succeed(struct smtp_sasl *d)
{
	struct smtp_session *session = d->session;

	if (setenv("AUTHUSER", d->socket.answer.s, 1) == -1) {
		carpsys("unable to remember who has authenticated");
		smtp_session_complain(session, REPLY_AUTH_TROUBLE);
		return;
	}
	smtp_policies_restart(&session->policies);
	log_event(NULL, "authenticated", "client", session->client, "user",
	    d->socket.answer.s, "mechanism", d->mechanism, NULL);
	smtp_channel_say(&session->channel, REPLY_AUTH_OK, NULL);
}

/* Tell the client what came of it, when that is no yes. */
static void
fail(struct smtp_sasl *d, char letter, const char *user)
{
	struct smtp_session *session = d->session;

	log_event(NULL, letter == 'D' ? "authfailed" : "authdeferred", "client",
	    session->client, "user", user, "mechanism", d->mechanism, NULL);
	if (letter == 'D')
		session->strikes += SMTP_STRIKES_AUTH;
	smtp_channel_say(&session->channel,
	    letter == 'D' ? REPLY_AUTH_WRONG : REPLY_AUTH_TROUBLE, NULL);
}

/* Ask auth.sock about a name and a password, and tell the client. */
static void
check(struct smtp_sasl *d, const char *user, const char *password)
{
	stralloc request = {0};
	char now[DECIMAL_MAX];
	const char *client = environment("TCPREMOTEIP");
	char letter = 'D';

	text_catb(&request, user, strlen(user) + 1);
	text_catb(&request, password, strlen(password) + 1);
	text_decimal(now, (unsigned long long)time(NULL));
	text_catb(&request, now, strlen(now) + 1);
	text_catb(&request, client, strlen(client) + 1);
	/* A null byte at the beginning would make it another question. */
	if (*user && request.len <= AUTH_CREDENTIALS_MAX)
		letter = auth_socket_ask(&d->socket, request.s, request.len);
	explicit_bzero(request.s, request.a);
	stralloc_free(&request);
	if (letter == 'K')
		succeed(d);
	else
		fail(d, letter, user);
}

void
smtp_sasl_plain(struct smtp_sasl *d)
{
	struct sasl_plain plain;

	if (!d->has_message && !challenge(d, "", 0))
		return;
	if (!sasl_plain_parse(&plain, d->message.s, d->message.len))
		smtp_session_complain(d->session, REPLY_AUTH_SYNTAX);
	else if (*plain.authorised && strcasecmp(plain.authorised, plain.user) != 0)
		fail(d, 'D', plain.user);
	else
		check(d, plain.user, plain.password);
}

void
smtp_sasl_login(struct smtp_sasl *d)
{
	stralloc user = {0};

	if (d->has_message || challenge(d, USER_PROMPT, strlen(USER_PROMPT))) {
		text_catb(&user, d->message.s, d->message.len);
		text_terminate(&user);
		if (challenge(d, PASSWORD_PROMPT, strlen(PASSWORD_PROMPT))) {
			if (memchr(user.s, '\0', user.len) ||
			    memchr(d->message.s, '\0', d->message.len))
				smtp_session_complain(d->session, REPLY_AUTH_SYNTAX);
			else
				check(d, user.s, d->message.s);
		}
	}
	stralloc_free(&user);
}

const char *
smtp_sasl_binding(void)
{
	unsigned long long is_used;

	if (control_number("channelbinding", &is_used, 1) == -1) {
		carpsys("unable to read control/channelbinding");
		return "";
	}
	return is_used ? environment("TLS_EXPORTER") : "";
}

/* The first question of SCRAM, auth(5); the second is two null bytes and the message. */
static char
ask_first(struct smtp_sasl *d)
{
	const char *part[] = {"", d->mechanism, environment("TCPREMOTEIP"),
	    smtp_sasl_binding(), d->message.s};
	stralloc request = {0};
	char letter;
	size_t i;

	for (i = 0; i < sizeof part / sizeof *part; i++)
		text_catb(&request, part[i], strlen(part[i]) + 1);
	letter = auth_socket_ask(&d->socket, request.s, request.len);
	stralloc_free(&request);
	return letter;
}

static char
ask_second(struct smtp_sasl *d)
{
	stralloc request = {0};
	char letter;

	text_catb(&request, "\0", 2);
	text_catb(&request, d->message.s, d->message.len);
	letter = auth_socket_ask(&d->socket, request.s, request.len);
	stralloc_free(&request);
	return letter;
}

void
smtp_sasl_scram(struct smtp_sasl *d)
{
	const char *signature;
	char letter;

	if (!d->has_message && !challenge(d, "", 0))
		return;
	if (memchr(d->message.s, '\0', d->message.len)) {
		smtp_session_complain(d->session, REPLY_AUTH_SYNTAX);
		return;
	}
	letter = ask_first(d);
	if (letter == 'C') {
		if (!challenge(d, d->socket.answer.s, d->socket.answer.len))
			return;
		letter = ask_second(d);
	}
	if (letter != 'K') {
		fail(d, letter == 'D' ? 'D' : 'Z', NULL);
		return;
	}
	/* 235 has no room for it, so it is one more challenge: RFC 4954, 4. */
	signature = d->socket.answer.s + strlen(d->socket.answer.s) + 1;
	if (signature > d->socket.answer.s + d->socket.answer.len)
		fail(d, 'Z', NULL);
	else if (challenge(d, signature, strlen(signature)))
		succeed(d);
}

static void
forget(stralloc *secret)
{
	if (secret->s)
		explicit_bzero(secret->s, secret->a);
	stralloc_free(secret);
}

void
smtp_sasl_end(struct smtp_sasl *d)
{
	auth_socket_close(&d->socket);
	forget(&d->message);
}
