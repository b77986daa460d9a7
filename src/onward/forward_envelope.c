#include <string.h>
#include <strings.h>

#include "lib/envelope.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/xtext.h"
#include "onward/forward_envelope.h"
#include "onward/origin.h"

/* Parameters that belong to a job and not to the message: job(5). */
static int
is_of_job(const char *name)
{
	return strcmp(name, "id") == 0 || strcmp(name, "offset") == 0 ||
	       strcmp(name, "length") == 0 || strcmp(name, "again") == 0 ||
	       strcmp(name, "origin") == 0;
}

/*
 * RFC 3461, 5.2.7.3: success is not reported by those to whom an alias of several
 * addresses leads; without any other wish that leaves NEVER.
 */
static void
put_notify(stralloc *envelope, const char *value)
{
	stralloc rest = {0};
	size_t len;

	for (; *value != '\0'; value += len + (value[len] == ',')) {
		len = strcspn(value, ",");
		if (len == 7 && strncasecmp(value, "SUCCESS", 7) == 0)
			continue;
		if (rest.len > 0)
			text_cat(&rest, ",", (char *)NULL);
		text_catb(&rest, value, len);
	}
	text_terminate(&rest);
	envelope_put_notice(envelope, "NOTIFY", rest.len > 0 ? rest.s : "NEVER");
	stralloc_free(&rest);
}

/*
 * RFC 3461, 5.2.1: whose sender did not name the address as it first was may have it
 * added, so that the reports of others name one that the sender knows.
 */
static void
put_original(stralloc *envelope, const struct forward *f)
{
	const struct envelope *e = &f->job->envelope;
	const char *address = e->recipients[f->index].address;
	stralloc value = {0};

	if (envelope_recipient_parameter(e, f->index, "ORCPT") != NULL ||
	    !utf8_is_ascii(address, strlen(address)))
		return;
	text_cat(&value, "rfc822;", (char *)NULL);
	xtext_cat(&value, address, strlen(address));
	text_terminate(&value);
	envelope_put_notice(envelope, "ORCPT", value.s);
	stralloc_free(&value);
}

static void
put_recipient(
    stralloc *envelope, const struct forward *f, const char *target, int several)
{
	const struct envelope *e = &f->job->envelope;
	const struct envelope_recipient *recipient = &e->recipients[f->index];
	const struct envelope_parameter *p = e->parameters + recipient->first;
	size_t i;

	for (i = 0; i < recipient->parameters; i++)
		if (several && strcasecmp(p[i].name, "NOTIFY") == 0)
			put_notify(envelope, p[i].value);
		else
			envelope_put_notice(envelope, p[i].name, p[i].value);
	put_original(envelope, f);
	envelope_put_recipient(envelope, target);
}

int
forward_envelope_is_several(const struct forward *f)
{
	return f->is_kept || f->is_served || strlen(f->targets->s) + 1 < f->targets->len;
}

void
forward_envelope_put(
    stralloc *envelope, const struct forward *f, const struct forward_part *part)
{
	const struct envelope *e = &f->job->envelope;
	const char *target = part->targets.s, *end = target + part->targets.len;
	int several = forward_envelope_is_several(f);
	size_t i;

	envelope_begin(envelope, part->sender.s);
	for (i = 0; i < e->message_parameters; i++)
		if (!is_of_job(e->parameters[i].name))
			envelope_put_parameter(
			    envelope, e->parameters[i].name, e->parameters[i].value);
	/* by which a mailbox knows that it has got the same in another way */
	envelope_put_parameter(envelope, "origin", origin_id(f->job));
	for (; target < end; target += strlen(target) + 1)
		put_recipient(envelope, f, target, several);
	envelope_end(envelope);
}
