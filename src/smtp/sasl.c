#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/base64.h"
#include "lib/credentials.h"
#include "lib/line.h"
#include "lib/log.h"
#include "lib/login_name.h"
#include "lib/text.h"
#include "smtp/oddity.h"
#include "smtp/reply.h"
#include "smtp/sasl.h"
#include "smtp/sasl_plain.h"

#define USER_PROMPT "Username:"
#define PASSWORD_PROMPT "Password:"

int
sasl_message(struct sasl *d, const char *s, size_t len)
{
	ssize_t r;

	if (!stralloc_ready(&d->message, BASE64_DECODED_MAX(len) + 1)) {
		session_complain(d->session, REPLY_AUTH_TROUBLE);
		return 0;
	}
	r = base64_decode(d->message.s, s, len);
	if (r == -1) {
		session_complain(d->session, REPLY_AUTH_SYNTAX);
		return 0;
	}
	d->message.len = (size_t)r;
	text_terminate(&d->message);
	d->has_message = 1;
	return 1;
}

int
sasl_challenge(struct sasl *d, const char *s, size_t len)
{
	struct wire *ch = &d->session->channel;
	stralloc encoded = {0};
	const char *line;
	int r;

	base64_put(&encoded, s, len);
	text_terminate(&encoded);
	wire_say(ch, "334 ", encoded.s, (char *)NULL);
	stralloc_free(&encoded);
	r = wire_line(ch, &line, &len);
	if (r == LINE_LONG)
		session_complain(d->session, REPLY_AUTH_TOO_LONG);
	else if (r == WIRE_LINE_TLS)
		session_expel(d->session, "TLS");
	else if (r != LINE_OK)
		session_lose(d->session, r);
	else if (!oddity_trim_end(d->session, line, &len))
		session_complain(d->session, REPLY_LINE_END);
	else if (len == 1 && line[0] == '*')
		session_complain(d->session, REPLY_AUTH_CANCELLED);
	else
		return sasl_message(d, line, len);
	return 0;
}

void
sasl_succeed(struct sasl *d)
{
	struct session *session = d->session;

	if (setenv("AUTHMECH", d->mechanism, 1) == -1 ||
	    setenv("AUTHUSER", d->socket.answer.s, 1) == -1) {
		carpsys("unable to remember who has authenticated");
		session_complain(session, REPLY_AUTH_TROUBLE);
		return;
	}
	session->login = d->socket.mark;
	d->socket.mark = -1;
	policies_restart(&session->policies);
	wire_settle(&session->channel);
	log_event(NULL, "authenticated", "client", session->client, "user",
	    d->socket.answer.s, "mechanism", d->mechanism, (char *)NULL);
	wire_say(&session->channel, REPLY_AUTH_OK, (char *)NULL);
}

void
sasl_fail(struct sasl *d, char letter, const char *user)
{
	struct session *session = d->session;

	log_event(NULL, letter == 'D' ? "authfailed" : "authdeferred", "client",
	    session->client, "user", user, "mechanism", d->mechanism, (char *)NULL);
	if (letter == 'D')
		session->strikes += SESSION_STRIKES_AUTH;
	wire_say(&session->channel, letter == 'D' ? REPLY_AUTH_WRONG : REPLY_AUTH_TROUBLE,
	    (char *)NULL);
}

/*
 * Is who wants to act as name, which is empty for nobody else, the one with the address
 * user, however the name is spelled: in capitals, without our domain?
 */
static int
is_same(const char *name, const char *user)
{
	stralloc key = {0}, own = {0};
	int is_it = *name == '\0';

	if (!is_it && login_name_key(&key, name) == -1) {
		carpsys("unable to read control/defaultdomain");
	} else if (!is_it) {
		address_key(&own, user, strlen(user));
		is_it = strcmp(key.s, own.s) == 0;
	}
	stralloc_free(&key);
	stralloc_free(&own);
	return is_it;
}

static void
forget(stralloc *secret)
{
	text_wipe(secret);
	stralloc_free(secret);
}

char
sasl_ask(struct sasl *d, stralloc *request)
{
	char letter = auth_socket_ask(&d->socket, request->s, request->len);

	forget(request);
	return letter;
}

/*
 * Ask about a name and a password, and tell the client; authorised is whom it
 * wants to act as, or empty.
 */
static void
check(struct sasl *d, const char *authorised, const char *user, const char *password)
{
	stralloc request = {0};
	char letter = 'D';

	if (credentials_put(&request, user, password))
		letter = sasl_ask(d, &request);
	if (letter == 'K' && !is_same(authorised, d->socket.answer.s))
		letter = 'D';
	if (letter == 'K')
		sasl_succeed(d);
	else
		sasl_fail(d, letter, user);
}

void
sasl_plain(struct sasl *d)
{
	struct sasl_plain plain;

	if (!d->has_message && !sasl_challenge(d, "", 0))
		return;
	if (!sasl_plain_parse(&plain, d->message.s, d->message.len))
		session_complain(d->session, REPLY_AUTH_SYNTAX);
	else
		check(d, plain.authorised, plain.user, plain.password);
}

void
sasl_login(struct sasl *d)
{
	stralloc user = {0};

	if (d->has_message || sasl_challenge(d, USER_PROMPT, strlen(USER_PROMPT))) {
		text_catb(&user, d->message.s, d->message.len);
		text_terminate(&user);
		if (sasl_challenge(d, PASSWORD_PROMPT, strlen(PASSWORD_PROMPT))) {
			if (memchr(user.s, '\0', user.len) != NULL ||
			    memchr(d->message.s, '\0', d->message.len) != NULL)
				session_complain(d->session, REPLY_AUTH_SYNTAX);
			else
				check(d, "", user.s, d->message.s);
		}
	}
	stralloc_free(&user);
}

void
sasl_end(struct sasl *d)
{
	auth_socket_close(&d->socket);
	forget(&d->message);
}
