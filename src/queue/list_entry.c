#include "queue/list_entry.h"

#include <string.h>

#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/utf8.h"

static const char *
state_name(char state)
{
	switch (state) {
	case 'K':
		return "delivered";
	case 'Z':
		return "deferred";
	case 'D':
		return "failed";
	case 'B':
		return "bounced";
	case 'X':
		return "removed";
	default:
		return "waiting";
	}
}

static void
put_number(stralloc *sa, int64_t n)
{
	char buf[DECIMAL_MAX];

	text_cat(sa, text_decimal(buf, n > 0 ? n : 0), (char *)0);
}

/* 12s, 34m, 5h, 6d: as much as tells an old message from a new one. */
static void
put_span(stralloc *sa, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
	size_t i = 0;

	while (seconds < 2 * units[i].seconds && units[i].seconds > 1)
		++i;
	put_number(sa, seconds / units[i].seconds);
	text_cat(sa, units[i].name, (char *)0);
}

static int64_t
age(const struct list_entry *e)
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
	const struct queue_file *f = e->file;

	text_cat(sa, e->id, " ", e->place, " ", (char *)0);
	put_span(sa, age(e));
	text_cat(sa, " ", (char *)0);
	put_number(sa, f->header.message);
	text_cat(sa, " bytes from <", (char *)0);
	put_safe(sa, f->envelope.sender);
	text_cat(sa, ">, tries ", (char *)0);
	put_number(sa, f->tries);
	if (e->next) {
		text_cat(sa, ", next in ", (char *)0);
		put_span(sa, e->next - e->now);
	}
	text_cat(sa, "\n", (char *)0);
	for (size_t i = 0; i < f->envelope.count; ++i) {
		text_cat(sa, "\t", state_name(f->recipients[i].state), " ", (char *)0);
		put_safe(sa, f->envelope.recipients[i].address);
		if (e->last[i].time) {
			text_cat(sa, ": ", e->last[i].status.s, " ", (char *)0);
			put_safe(sa, e->last[i].text.s);
		}
		text_cat(sa, "\n", (char *)0);
	}
}

void
list_entry_put_foreign_text(
    stralloc *sa, const char *place, const char *name, const char *why)
{
	put_safe(sa, name);
	text_cat(sa, " ", place, " not a message: ", why, "\n", (char *)0);
}

/* How many bytes at s, of the len there, are one character beyond ASCII; 0 when none. */
static size_t
character(const char *s, size_t len)
{
	for (size_t n = 2; n <= 4 && n <= len; ++n)
		if (utf8_is_sound(s, n))
			return n;
	return 0;
}

/* What stands for the one byte c in a JSON string. */
static void
put_escaped(stralloc *sa, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"' || c == '\\')
		text_catb(sa, (char[]){'\\', c}, 2);
	else if (c < ' ' || c == 127)
		text_catb(sa, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
	else if (c > 127)
		text_cat(sa, "\\ufffd", (char *)0);
	else
		text_catb(sa, (const char *)&c, 1);
}

static void
put_string(stralloc *sa, const char *s)
{
	size_t left = strlen(s), len;

	text_catb(sa, "\"", 1);
	for (; left > 0; s += len, left -= len) {
		len = (unsigned char)*s > 127 ? character(s, left) : 0;
		if (len > 0) {
			text_catb(sa, s, len);
			continue;
		}
		put_escaped(sa, *s);
		len = 1;
	}
	text_catb(sa, "\"", 1);
}

static void
put_pair(stralloc *sa, const char *name, const char *value)
{
	text_cat(sa, "\"", name, "\":", (char *)0);
	put_string(sa, value);
}

static void
put_count(stralloc *sa, const char *name, int64_t n)
{
	text_cat(sa, ",\"", name, "\":", (char *)0);
	put_number(sa, n);
}

static void
put_recipient(stralloc *sa, const struct list_entry *e, size_t i)
{
	const struct queue_recipient *r = &e->file->recipients[i];

	text_cat(sa, "{", (char *)0);
	put_pair(sa, "address", e->file->envelope.recipients[i].address);
	text_cat(sa, ",", (char *)0);
	put_pair(sa, "state", state_name(r->state));
	put_count(sa, "tries", r->tries);
	if (e->last[i].time) {
		put_count(sa, "time", e->last[i].time);
		text_cat(sa, ",", (char *)0);
		put_pair(sa, "status", e->last[i].status.s);
		text_cat(sa, ",", (char *)0);
		put_pair(sa, "text", e->last[i].text.s);
	}
	text_cat(sa, "}", (char *)0);
}

void
list_entry_put_json(stralloc *sa, const struct list_entry *e)
{
	text_cat(sa, "{", (char *)0);
	put_pair(sa, "id", e->id);
	text_cat(sa, ",", (char *)0);
	put_pair(sa, "place", e->place);
	put_count(sa, "age", age(e));
	put_count(sa, "size", e->file->header.message);
	text_cat(sa, ",", (char *)0);
	put_pair(sa, "sender", e->file->envelope.sender);
	put_count(sa, "tries", e->file->tries);
	if (e->next)
		put_count(sa, "next", e->next);
	text_cat(sa, ",\"recipients\":[", (char *)0);
	for (size_t i = 0; i < e->file->envelope.count; ++i) {
		text_cat(sa, i > 0 ? "," : "", (char *)0);
		put_recipient(sa, e, i);
	}
	text_cat(sa, "]}\n", (char *)0);
}

void
list_entry_put_foreign_json(
    stralloc *sa, const char *place, const char *name, const char *why)
{
	text_cat(sa, "{", (char *)0);
	put_pair(sa, "file", name);
	text_cat(sa, ",", (char *)0);
	put_pair(sa, "place", place);
	text_cat(sa, ",", (char *)0);
	put_pair(sa, "why", why);
	text_cat(sa, "}\n", (char *)0);
}
