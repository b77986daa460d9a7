#include <stdlib.h>

#include "lib/envelope.h"
#include "lib/text.h"
#include "receive/smtp_envelope.h"

typedef void put_record(stralloc *envelope, const char *name, const char *value);

/* Put name=s[0..len) unless s is null. */
static void
put(stralloc *envelope, put_record *record, const char *name, const char *s, size_t len)
{
	stralloc value = {0};

	if (!s)
		return;
	text_catb(&value, s, len);
	text_terminate(&value);
	record(envelope, name, value.s);
	stralloc_free(&value);
}

/* Whose mail it is, so that it does not delay another's: queue-run(8). */
static void
put_submitter(stralloc *envelope, const char *sender)
{
	const char *user = getenv("AUTHUSER"), *client = getenv("TCPREMOTEIP");

	if (user)
		envelope_put_parameter(envelope, "AUTHUSER", user);
	else if (!sender[0] && client)
		envelope_put_parameter(envelope, "CLIENT", client);
}

void
smtp_envelope_begin(
    stralloc *envelope, const char *sender, const struct smtp_mail_parameters *m)
{
	envelope_begin(envelope, sender);
	if (m->body)
		envelope_put_parameter(envelope, "BODY", m->body);
	if (m->is_utf8)
		envelope_put_parameter(envelope, "SMTPUTF8", "1");
	if (m->ret)
		envelope_put_parameter(envelope, "RET", m->ret);
	put(envelope, envelope_put_parameter, "ENVID", m->envid, m->envid_len);
	put(envelope, envelope_put_parameter, "AUTH", m->auth, m->auth_len);
	if (m->requires_tls)
		envelope_put_parameter(envelope, "REQUIRETLS", "1");
	put_submitter(envelope, sender);
}

void
smtp_envelope_add(
    stralloc *envelope, const char *recipient, const struct smtp_rcpt_parameters *r)
{
	if (r->notify[0])
		envelope_put_notice(envelope, "NOTIFY", r->notify);
	put(envelope, envelope_put_notice, "ORCPT", r->orcpt, r->orcpt_len);
	envelope_put_recipient(envelope, recipient);
}
