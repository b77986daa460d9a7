#include <string.h>

#include "lib/datetime.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/xtext.h"
#include "report/bounce_orcpt.h"
#include "report/field.h"
#include "report/status_part.h"

int
status_part_is_global(const struct bounce *b)
{
	const struct envelope *e = &b->file.envelope;
	struct bounce_orcpt original = {0};
	int global = 0;

	for (size_t i = bounce_next(b, 0); b->utf8 && !global && i < e->count;
	     i = bounce_next(b, i + 1)) {
		const char *address = e->recipients[i].address;

		global = !utf8_is_ascii(address, strlen(address)) ||
			 (bounce_orcpt_of(&original, &b->file, i) && original.is_utf8);
	}
	bounce_orcpt_free(&original);
	return global;
}

static void
put_original_recipient(stralloc *sa, const struct bounce *b, size_t i, int global)
{
	struct bounce_orcpt original = {0};
	stralloc value = {0};

	if (!bounce_orcpt_of(&original, &b->file, i)) {
		bounce_orcpt_free(&original);
		return;
	}
	if (original.is_utf8) {
		field_put_address(sa, "Original-Recipient", original.address.s, global);
	} else {
		text_cat(&value, original.type.s, "; ", original.address.s, (char *)NULL);
		text_terminate(&value);
		field_put(sa, "Original-Recipient", value.s, 0);
	}
	stralloc_free(&value);
	bounce_orcpt_free(&original);
}

/* RFC 3464, 2.3.4: the class of the code goes with the action. */
static const char *
status_of(const char *action, const char *status)
{
	if (strcmp(action, "failed") == 0)
		return status[0] == '5' || status[0] == '4' ? status : "5.0.0";
	if (strcmp(action, "delayed") == 0)
		return status[0] == '4' ? status : "4.0.0";
	return status[0] == '2' ? status : "2.0.0";
}

static int
is_reply(const char *s)
{
	return s[0] >= '2' && s[0] <= '5' && strspn(s, "0123456789") == 3;
}

static void
put_words(stralloc *sa, const struct bounce *b, size_t i, const char *action, int global)
{
	const struct outcome *o = &b->last[i].outcome;
	const char *reply = outcome_reply(o);
	const char *words = reply != NULL ? reply : o->text.s;
	stralloc value = {0};

	if (reply != NULL) {
		text_cat(&value, o->text.s[o->parts.host] == '/' ? "x-unix; " : "dns; ",
		    (char *)NULL);
		text_catb(&value, o->text.s + o->parts.host, o->parts.host_len);
		text_terminate(&value);
		field_put(sa, "Remote-MTA", value.s, global);
	}
	value.len = 0;
	if (strcmp(action, "failed") == 0 || b->delays) {
		text_cat(&value, is_reply(words) ? "smtp; " : "x-facteur; ", words,
		    (char *)NULL);
		text_terminate(&value);
		field_put(sa, "Diagnostic-Code", value.s, global);
	}
	stralloc_free(&value);
}

static void
put_recipient(stralloc *sa, const struct bounce *b, size_t i, int global)
{
	const char *action = bounce_action(b, i);
	char date[DATETIME_MAX];

	text_cat(sa, "\n", (char *)NULL);
	put_original_recipient(sa, b, i, global);
	field_put_address(
	    sa, "Final-Recipient", b->file.envelope.recipients[i].address, global);
	field_put(sa, "Action", action, 0);
	field_put(sa, "Status", status_of(action, b->last[i].outcome.status), 0);
	put_words(sa, b, i, action, global);
	field_put(sa, "Last-Attempt-Date", datetime_rfc5322(date, b->last[i].time), 0);
	if (b->original_id != NULL)
		field_put(sa, "Final-Log-ID", b->original_id, 0);
	if (b->delays)
		field_put(sa, "Will-Retry-Until",
		    datetime_rfc5322(date, bounce_tried_until(b)), 0);
}

/* As the client gave it, when that is sound. */
static void
put_envelope_id(stralloc *sa, const char *xtext)
{
	stralloc value = {0};

	if (xtext == NULL || !xtext_is_printable(xtext, strlen(xtext)))
		return;
	text_cat(&value, xtext, (char *)NULL);
	value.len = xtext_decode(value.s, xtext, strlen(xtext));
	text_terminate(&value);
	field_put(sa, "Original-Envelope-Id", value.s, 0);
	stralloc_free(&value);
}

void
status_part_put(stralloc *sa, const struct bounce *b)
{
	int global = status_part_is_global(b);
	char date[DATETIME_MAX];

	text_cat(sa, "Reporting-MTA: dns; ", b->me.s, "\n", (char *)NULL);
	put_envelope_id(sa, envelope_parameter(&b->file.envelope, "ENVID"));
	if (b->original_id != NULL)
		field_put(sa, "Arrival-Date",
		    datetime_rfc5322(date, queueid_time(b->original_id) / 1000000), 0);
	for (size_t i = bounce_next(b, 0); i < b->file.envelope.count;
	     i = bounce_next(b, i + 1))
		put_recipient(sa, b, i, global);
}
