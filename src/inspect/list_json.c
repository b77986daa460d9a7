#include "inspect/list_json.h"
#include "lib/json.h"
#include "lib/text.h"
#include "queue/choice.h"

static void
put_recipient(stralloc *sa, const struct list_entry *e, size_t i)
{
	const struct file_recipient *r = &e->file->recipients[i];

	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "address", e->file->envelope.recipients[i].address);
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, "state", choice_state_name(r->state));
	json_put_count(sa, "tries", r->tries);
	if (e->last[i].time) {
		json_put_count(sa, "time", e->last[i].time);
		text_cat(sa, ",", (char *)NULL);
		json_put_pair(sa, "status", e->last[i].outcome.status);
		text_cat(sa, ",", (char *)NULL);
		json_put_pair(sa, "text", e->last[i].outcome.text.s);
	}
	text_cat(sa, "}", (char *)NULL);
}

void
list_json_put(stralloc *sa, const struct list_entry *e)
{
	const char *comma = "";

	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "id", e->id);
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, "place", e->place);
	json_put_count(sa, "age", list_entry_age(e));
	json_put_count(sa, "size", e->file->header.message);
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, "sender", e->file->envelope.sender);
	json_put_count(sa, "tries", e->file->tries);
	if (e->next)
		json_put_count(sa, "next", e->next);
	text_cat(sa, ",\"recipients\":[", (char *)NULL);
	for (size_t i = 0; i < e->file->envelope.count; ++i) {
		if (!e->picked[i])
			continue;
		text_cat(sa, comma, (char *)NULL);
		put_recipient(sa, e, i);
		comma = ",";
	}
	text_cat(sa, "]", (char *)NULL);
	if (e->others > 0)
		json_put_count(sa, "others", e->others);
	text_cat(sa, "}\n", (char *)NULL);
}

void
list_json_put_foreign(stralloc *sa, const char *place, const char *name, const char *why)
{
	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "file", name);
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, "place", place);
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, "why", why);
	text_cat(sa, "}\n", (char *)NULL);
}
