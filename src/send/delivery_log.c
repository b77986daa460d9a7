#include "send/delivery_log.h"
#include "lib/log.h"
#include "lib/text.h"

static void
log_outcome(const char *id, const struct transaction_recipient *r)
{
	const char *event = r->outcome.letter == 'K'   ? "sent"
			    : r->outcome.letter == 'Z' ? "deferred"
						       : "refused";
	const struct outcome_parts *parts = &r->outcome.parts;
	const char *reply = outcome_reply(&r->outcome);
	const char *tls = r->tls[0] != '\0' ? r->tls : NULL;
	stralloc peer = {0};

	text_catb(&peer, r->outcome.text.s + parts->host, parts->host_len);
	text_cat(&peer, "[", (char *)NULL);
	text_catb(&peer, r->outcome.text.s + parts->ip, parts->ip_len);
	text_cat(&peer, "]", (char *)NULL);
	text_terminate(&peer);
	log_event(id, event, "rcpt", r->address, "status", r->outcome.status, "dsn",
	    outcome_success_word(parts->success), reply != NULL ? "host" : "text",
	    reply != NULL ? peer.s : r->outcome.text.s + parts->own,
	    reply != NULL ? "reply" : "tls", reply != NULL ? reply : tls,
	    reply != NULL ? "tls" : NULL, tls, (char *)NULL);
	stralloc_free(&peer);
}

void
delivery_log(const char *id, const struct transaction_mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		log_outcome(id, &mail->recipients[i]);
}
