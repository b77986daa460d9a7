#include <errno.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/log.h"
#include "lib/text.h"
#include "send/remote_auth.h"

#define CHALLENGE_MAX 12288 /* RFC 4954, 4 */
#define NEXT 1              /* this mechanism is not wanted, another one may be */

/* One authentication under way. */
struct exchange {
	struct remote_session *session;
	struct sasl_client client;
	const char *mechanism;
	stralloc words;   /* what is to be said, decoded */
	stralloc encoded; /* the same in base64 */
	stralloc told;    /* by the server, before it refuses a token */
	stralloc shown;   /* what is shown of AUTH */
	struct remote_reply reply;
	struct outcome *fault;
};

/* Say the command, or its answer, of which shown is shown. */
static void
say(struct exchange *x, const char *command, const char *shown)
{
	remote_session_say(x->session, command, x->encoded.s, (char *)NULL);
	x->session->shown = shown;
	text_wipe(&x->words);
	text_wipe(&x->encoded);
}

static void
encode(struct exchange *x)
{
	x->encoded.len = 0;
	text_room(&x->words, 1);
	base64_put(&x->encoded, x->words.s, x->words.len);
	text_terminate(&x->encoded);
}

/* Hear a reply; the challenge of a 334 is decoded into words.  Returns 0, or -1. */
static int
hear(struct exchange *x)
{
	struct remote_session *s = x->session;
	const char *line = s->transport.input;
	ssize_t n = remote_session_await(
		    s, "AUTH", REMOTE_COMMAND_SECONDS, &x->reply, x->fault),
		r;
	size_t len;

	if (n == -1)
		return -1;
	x->words.len = 0;
	if (x->reply.code / 100 == 3) {
		for (len = (size_t)n; len > 0 && strchr(" \r\n", line[len - 1]); len--)
			;
		len = len > 4 && len <= CHALLENGE_MAX ? len - 4 : 0;
		text_room(&x->words, BASE64_DECODED_MAX(len) + 1);
		r = base64_decode(x->words.s, line + 4, len);
		/* the words before user and password of LOGIN mean nothing */
		x->words.len = r > 0 ? (size_t)r : 0;
	}
	transport_consume(&s->transport, (size_t)n);
	return 0;
}

/* Break the exchange off: RFC 4954, 4. */
static int
cancel(struct exchange *x, const char *why)
{
	struct outcome ignored = {0};

	remote_session_say(x->session, "*", (char *)NULL);
	remote_session_hear(
	    x->session, "AUTH", REMOTE_COMMAND_SECONDS, &x->reply, &ignored);
	outcome_free(&ignored);
	return remote_auth_alert(x->session, "4.7.0", x->mechanism, why, x->fault);
}

/* Answer challenges, until there is another reply.  Returns 0, or -1 with fault. */
static int
converse(struct exchange *x)
{
	stralloc challenge = {0};
	const char *why;
	int r = 0;

	while (r == 0 && x->reply.code / 100 == 3) {
		challenge.len = 0;
		text_catb(&challenge, x->words.s, x->words.len);
		if (x->client.account->is_token)
			text_cat_printable(&x->told, challenge.s, challenge.len, 300);
		x->words.len = 0;
		why =
		    sasl_client_answer(&x->client, challenge.s, challenge.len, &x->words);
		if (why != NULL) {
			stralloc text = {0};

			text_cat(&text, ": ", why, (char *)NULL);
			text_terminate(&text);
			r = cancel(x, text.s);
			stralloc_free(&text);
			break;
		}
		encode(x);
		say(x, "", "(an answer)");
		r = hear(x);
	}
	stralloc_free(&challenge);
	return r;
}

/* The server has refused: all that is wrong is between it and us. */
static int
refuse(struct exchange *x)
{
	struct remote_session *s = x->session;
	char status[OUTCOME_STATUS_MAX] = "4.7.8"; /* RFC 5248: credentials invalid */

	if (x->reply.status[0] != '\0')
		strcpy(status + 1, x->reply.status + 1);
	outcome_set_reply(x->fault, 'Z', status, s->host, s->ip, x->reply.text);
	if (x->reply.code / 100 != 4)
		log_event(s->id, "alert", "host", s->peer, "reply", x->reply.text, "text",
		    x->told.len > 0 ? x->told.s : NULL, "reason",
		    "the server does not take what control/smtppasswords has for it",
		    (char *)NULL);
	return -1;
}

/* AUTH by the mechanism: 0, NEXT, or -1 with fault. */
static int
try_mechanism(struct exchange *x)
{
	stralloc command = {0};
	int r;

	x->words.len = x->encoded.len = x->told.len = 0;
	r = sasl_client_begin(&x->client, &x->words);
	if (r == -1)
		return remote_auth_alert(x->session, "4.3.0",
		    "no random numbers: ", strerror(errno), x->fault);
	text_cat(&command, "AUTH ", x->mechanism, (char *)NULL);
	text_terminate(&command);
	text_set(&x->shown, command.s);
	encode(x);
	if (r == 1)
		text_cat(&command, " ", (char *)NULL);
	text_terminate(&command);
	say(x, command.s, x->shown.s);
	r = hear(x);
	stralloc_free(&command);
	if (r == 0)
		r = converse(x);
	text_terminate(&x->told);
	if (r == -1)
		return -1;
	if (x->reply.code / 100 == 2)
		return x->client.is_proven
			   ? 0
			   : remote_auth_alert(x->session, "4.7.0", x->mechanism,
				 ": it has not shown that it knows the password itself",
				 x->fault);
	/* RFC 4954, 6: not this mechanism */
	return x->reply.code == 504 || x->reply.code == 534 ? NEXT : refuse(x);
}

static int
try_mechanisms(struct exchange *x, const struct sasl_client_account *account)
{
	struct remote_session *s = x->session;
	int r = NEXT;

	while (r == NEXT && (x->mechanism = sasl_client_choose(
				 &x->client, account, s->mechanisms)) != NULL)
		r = try_mechanism(x);
	if (r != NEXT)
		return r;
	if (x->client.tried)
		return refuse(x);
	return remote_auth_alert(s, "4.7.0",
	    s->mechanisms[0] != '\0' ? "no mechanism that it offers can be used:"
				     : "it offers no AUTH",
	    s->mechanisms, x->fault);
}

int
remote_auth(struct remote_session *s, const struct sasl_client_account *account,
    struct outcome *fault)
{
	struct exchange x = {.session = s, .fault = fault};
	int r = try_mechanisms(&x, account);

	sasl_client_forget(&x.client);
	stralloc_free(&x.words);
	stralloc_free(&x.encoded);
	stralloc_free(&x.told);
	stralloc_free(&x.shown);
	return r;
}

int
remote_auth_alert(struct remote_session *s, const char *status, const char *why,
    const char *more, struct outcome *fault)
{
	outcome_set(fault, 'Z', status, "unable to authenticate to ", s->peer, ": ", why,
	    more, (char *)NULL);
	log_event(s->id, "alert", "host", s->peer, "reason", fault->text.s, (char *)NULL);
	return -1;
}
