#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/text.h"
#include "smtp/reply.h"
#include "smtp/sasl_scram.h"

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

const char *
sasl_scram_binding(void)
{
	unsigned long long is_used;

	if (control_number("channelbinding", &is_used, 1) == -1) {
		carpsys("unable to read control/channelbinding");
		return "";
	}
	return is_used ? environment("TLS_EXPORTER") : "";
}

/* The first question, auth(5); the second is two null bytes and the message. */
static char
ask_first(struct sasl *d)
{
	const char *part[] = {"", d->mechanism, environment("TCPREMOTEIP"),
	    sasl_scram_binding(), d->message.s};
	stralloc request = {0};
	size_t i;

	for (i = 0; i < sizeof part / sizeof *part; i++)
		text_catb(&request, part[i], strlen(part[i]) + 1);
	return sasl_ask(d, &request);
}

static char
ask_second(struct sasl *d)
{
	stralloc request = {0};

	text_catb(&request, "\0", 2);
	text_catb(&request, d->message.s, d->message.len);
	return sasl_ask(d, &request);
}

void
sasl_scram(struct sasl *d)
{
	const char *signature;
	char letter;

	if (!d->has_message && !sasl_challenge(d, "", 0))
		return;
	if (memchr(d->message.s, '\0', d->message.len) != NULL) {
		session_complain(d->session, REPLY_AUTH_SYNTAX);
		return;
	}
	letter = ask_first(d);
	if (letter == 'C') {
		if (!sasl_challenge(d, d->socket.answer.s, d->socket.answer.len))
			return;
		letter = ask_second(d);
	}
	if (letter != 'K') {
		sasl_fail(d, letter == 'D' ? 'D' : 'Z', NULL);
		return;
	}
	/* 235 has no room for it, so it is one more challenge: RFC 4954, 4. */
	signature = d->socket.answer.s + strlen(d->socket.answer.s) + 1;
	if (signature > d->socket.answer.s + d->socket.answer.len)
		sasl_fail(d, 'Z', NULL);
	else if (sasl_challenge(d, signature, strlen(signature)))
		sasl_succeed(d);
}
