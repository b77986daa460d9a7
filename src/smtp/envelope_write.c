#include "smtp/envelope_write.h"
#include "lib/envelope.h"
#include "lib/text.h"
#include "lib/variable.h"

typedef void put_record(stralloc *envelope, const char *name, const char *value);

/* Put name=s[0..len) unless s is null. */
static void
put(stralloc *envelope, put_record *record, const char *name, const char *s, size_t len)
{
	stralloc value = {0};

	if (s == NULL)
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
	const char *user = variable_own("AUTHUSER"),
		   *client = variable_own("TCPREMOTEIP");

	if (user != NULL)
		envelope_put_parameter(envelope, "AUTHUSER", user);
	else if (!sender[0] && client != NULL)
		envelope_put_parameter(envelope, "CLIENT", client);
}

void
envelope_write_begin(
    stralloc *envelope, const char *sender, const struct parameters_mail *m)
{
	envelope_begin(envelope, sender);
	if (m->body != NULL)
		envelope_put_parameter(envelope, "BODY", m->body);
	if (m->is_utf8)
		envelope_put_parameter(envelope, "SMTPUTF8", "1");
	if (m->ret != NULL)
		envelope_put_parameter(envelope, "RET", m->ret);
	put(envelope, envelope_put_parameter, "ENVID", m->envid, m->envid_len);
	put(envelope, envelope_put_parameter, "AUTH", m->auth, m->auth_len);
	if (m->requires_tls)
		envelope_put_parameter(envelope, "REQUIRETLS", "1");
	put_submitter(envelope, sender);
}

void
envelope_write_add(
    stralloc *envelope, const char *recipient, const struct parameters_rcpt *r)
{
	if (r->notify[0])
		envelope_put_notice(envelope, "NOTIFY", r->notify);
	put(envelope, envelope_put_notice, "ORCPT", r->orcpt, r->orcpt_len);
	envelope_put_recipient(envelope, recipient);
}
