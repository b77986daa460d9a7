#include <string.h>

#include "inspect/list_entry.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/choice.h"

void
list_entry_put_number(stralloc *sa, int64_t n)
{
	char buf[DECIMAL_MAX];

	text_cat(sa, text_decimal(buf, n > 0 ? n : 0), (char *)NULL);
}

void
list_entry_put_span(stralloc *sa, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
	size_t i = 0;

	while (seconds < 2 * units[i].seconds && units[i].seconds > 1)
		++i;
	list_entry_put_number(sa, seconds / units[i].seconds);
	text_cat(sa, units[i].name, (char *)NULL);
}

int64_t
list_entry_age(const struct list_entry *e)
{
	return e->now - queueid_time(e->id) / 1000000;
}

static void
put_safe(stralloc *sa, const char *s)
{
	text_cat_printable(sa, s, strlen(s), strlen(s));
}

void
list_entry_put_text(stralloc *sa, const struct list_entry *e)
{
	const struct file *f = e->file;

	text_cat(sa, e->id, " ", e->place, " ", (char *)NULL);
	list_entry_put_span(sa, list_entry_age(e));
	text_cat(sa, " ", (char *)NULL);
	list_entry_put_number(sa, f->header.message);
	text_cat(sa, " bytes from <", (char *)NULL);
	put_safe(sa, f->envelope.sender);
	text_cat(sa, ">, tries ", (char *)NULL);
	list_entry_put_number(sa, f->tries);
	if (e->next) {
		text_cat(sa, ", next in ", (char *)NULL);
		list_entry_put_span(sa, e->next - e->now);
	}
	text_cat(sa, "\n", (char *)NULL);
	for (size_t i = 0; i < f->envelope.count; ++i) {
		if (!e->picked[i])
			continue;
		text_cat(sa, "\t", choice_state_name(f->recipients[i].state), " ",
		    (char *)NULL);
		put_safe(sa, f->envelope.recipients[i].address);
		if (e->last[i].time) {
			text_cat(sa, ": ", e->last[i].outcome.status, " ", (char *)NULL);
			put_safe(sa, e->last[i].outcome.text.s);
		}
		text_cat(sa, "\n", (char *)NULL);
	}
	if (e->others > 0) {
		text_cat(sa, "\tand others: ", (char *)NULL);
		list_entry_put_number(sa, e->others);
		text_cat(sa, "\n", (char *)NULL);
	}
}

void
list_entry_put_foreign_text(
    stralloc *sa, const char *place, const char *name, const char *why)
{
	put_safe(sa, name);
	text_cat(sa, " ", place, " not a message: ", why, "\n", (char *)NULL);
}
