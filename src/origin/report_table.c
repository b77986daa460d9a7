#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "origin/report_table.h"
#include "origin/xml_walk.h"

#define VALUE_MAX 300 /* bytes of a value that are shown */

/* What is known of the report and of the record that is read. */
enum value {
	ORGANISATION,
	EMAIL,
	ID,
	BEGIN,
	END,
	DOMAIN,
	POLICY,
	BELOW,
	ABSENT,
	TESTING,
	PERCENT,
	TROUBLE,
	CLIENT,
	COUNT,
	DISPOSITION,
	DKIM,
	SPF,
	REASON,
	COMMENT,
	AUTHOR,
	SENDER,
	SIGNER,
	SELECTOR,
	SIGNED,
	SIGNED_WORDS,
	CHECKED,
	SCOPE,
	CHECK,
	CHECK_WORDS,
	VALUES
};

/* Where they stand: the last two elements. */
static const struct {
	const char *parent, *name;
} places[VALUES] = {{"report_metadata", "org_name"}, {"report_metadata", "email"},
    {"report_metadata", "report_id"}, {"date_range", "begin"}, {"date_range", "end"},
    {"policy_published", "domain"}, {"policy_published", "p"}, {"policy_published", "sp"},
    {"policy_published", "np"}, {"policy_published", "testing"},
    {"policy_published", "pct"}, {"report_metadata", "error"}, {"row", "source_ip"},
    {"row", "count"}, {"policy_evaluated", "disposition"}, {"policy_evaluated", "dkim"},
    {"policy_evaluated", "spf"}, {"reason", "type"}, {"reason", "comment"},
    {"identifiers", "header_from"}, {"identifiers", "envelope_from"}, {"dkim", "domain"},
    {"dkim", "selector"}, {"dkim", "result"}, {"dkim", "human_result"}, {"spf", "domain"},
    {"spf", "scope"}, {"spf", "result"}, {"spf", "human_result"}};

struct reading {
	struct xml_walk walk;
	stralloc values[VALUES];
	stralloc results; /* of the record */
	stralloc reasons;
	size_t records;
};

static const char *
value(const struct reading *r, enum value which)
{
	return r->values[which].len > 0 ? r->values[which].s : "-";
}

static void
forget(struct reading *r, enum value from, enum value to)
{
	int i;

	for (i = (int)from; i <= (int)to; i++)
		r->values[i].len = 0;
}

/* The element that has ended may be a value. */
static void
take_value(struct reading *r)
{
	const struct xml_walk *walk = &r->walk;
	int i;

	for (i = 0; i < VALUES && walk->depth > 0; i++) {
		if (strcmp(walk->names[walk->depth], places[i].name) != 0 ||
		    strcmp(walk->names[walk->depth - 1], places[i].parent) != 0)
			continue;
		r->values[i].len = 0;
		text_cat_printable(
		    &r->values[i], walk->text.s, walk->text.len, VALUE_MAX);
		text_terminate(&r->values[i]);
	}
}

/* Append s, filled up to width with blanks. */
static void
put_column(stralloc *table, const char *s, size_t width)
{
	size_t len = strlen(s);

	text_cat(table, s, (char *)NULL);
	do
		text_cat(table, " ", (char *)NULL);
	while (++len <= width);
}

static void
put_day(stralloc *table, const char *seconds)
{
	unsigned long long n;
	char buf[32];
	struct tm tm;
	time_t t;

	if (!text_number(seconds, strlen(seconds), 253402300799ULL, &n)) {
		text_cat(table, seconds, (char *)NULL);
		return;
	}
	t = (time_t)n;
	gmtime_r(&t, &tm);
	strftime(buf, sizeof buf, "%Y-%m-%d %H:%M", &tm);
	text_cat(table, buf, (char *)NULL);
}

static void
put_heading(stralloc *table, const struct reading *r)
{
	text_cat(table, value(r, DOMAIN), ": p=", value(r, POLICY), (char *)NULL);
	if (r->values[BELOW].len > 0)
		text_cat(table, " sp=", value(r, BELOW), (char *)NULL);
	if (r->values[ABSENT].len > 0)
		text_cat(table, " np=", value(r, ABSENT), (char *)NULL);
	if (strcmp(value(r, TESTING), "y") == 0)
		text_cat(table, " t=y", (char *)NULL);
	if (r->values[PERCENT].len > 0 && strcmp(value(r, PERCENT), "100") != 0)
		text_cat(table, " pct=", value(r, PERCENT), (char *)NULL);
	text_cat(table, ", from ", (char *)NULL);
	put_day(table, value(r, BEGIN));
	text_cat(table, " to ", (char *)NULL);
	put_day(table, value(r, END));
	text_cat(table, "\nby ", value(r, ORGANISATION), " <", value(r, EMAIL), ">, ",
	    value(r, ID), "\n", (char *)NULL);
	if (r->values[TROUBLE].len > 0)
		text_cat(table, "error: ", value(r, TROUBLE), "\n", (char *)NULL);
	put_column(table, "   COUNT", 8);
	put_column(table, "CLIENT", 24);
	put_column(table, "DONE", 10);
	put_column(table, "DKIM", 4);
	put_column(table, "SPF", 4);
	put_column(table, "FROM", 24);
	text_cat(table, "RESULTS\n", (char *)NULL);
}

static void
put_record(stralloc *table, struct reading *r)
{
	size_t len = strlen(value(r, COUNT));

	if (r->records++ == 0)
		put_heading(table, r);
	for (; len < 8; len++)
		text_cat(table, " ", (char *)NULL);
	text_cat(table, value(r, COUNT), " ", (char *)NULL);
	put_column(table, value(r, CLIENT), 24);
	put_column(table, value(r, DISPOSITION), 10);
	put_column(table, value(r, DKIM), 4);
	put_column(table, value(r, SPF), 4);
	put_column(table, value(r, AUTHOR), 24);
	text_catb(table, r->results.s, r->results.len);
	if (r->values[SENDER].len > 0)
		text_cat(table, "sender:", value(r, SENDER), " ", (char *)NULL);
	text_catb(table, r->reasons.s, r->reasons.len);
	table->len--;
	text_cat(table, "\n", (char *)NULL);
	forget(r, CLIENT, CHECK_WORDS);
	r->results.len = r->reasons.len = 0;
}

/* Append the words that somebody has added, if any, and a blank. */
static void
put_words(stralloc *to, const struct reading *r, enum value words)
{
	if (r->values[words].len > 0)
		text_cat(to, "(", value(r, words), ")", (char *)NULL);
	text_cat(to, " ", (char *)NULL);
}

/* An element has ended. */
static void
end_element(stralloc *table, struct reading *r)
{
	const char *name = r->walk.names[r->walk.depth];
	const char *parent = r->walk.depth > 0 ? r->walk.names[r->walk.depth - 1] : "";

	take_value(r);
	if (strcmp(parent, "auth_results") == 0 && strcmp(name, "dkim") == 0) {
		text_cat(&r->results, "dkim:", value(r, SIGNER), ":", value(r, SELECTOR),
		    ":", value(r, SIGNED), (char *)NULL);
		put_words(&r->results, r, SIGNED_WORDS);
		forget(r, SIGNER, SIGNED_WORDS);
	} else if (strcmp(parent, "auth_results") == 0 && strcmp(name, "spf") == 0) {
		text_cat(&r->results,
		    strcmp(value(r, SCOPE), "helo") == 0 ? "helo:" : "spf:",
		    value(r, CHECKED), ":", value(r, CHECK), (char *)NULL);
		put_words(&r->results, r, CHECK_WORDS);
		forget(r, CHECKED, CHECK_WORDS);
	} else if (strcmp(name, "reason") == 0 && r->values[REASON].len > 0) {
		text_cat(&r->reasons, "because:", value(r, REASON), (char *)NULL);
		put_words(&r->reasons, r, COMMENT);
		forget(r, REASON, COMMENT);
	} else if (strcmp(name, "record") == 0) {
		put_record(table, r);
	}
}

const char *
report_table_put(stralloc *table, const char *xml, size_t len)
{
	struct reading *r = heap_make(1, sizeof *r);
	const char *wrong = NULL;
	enum xml_event event = XML_BEGIN;
	int i, is_report = 0;

	r->walk.s = xml;
	r->walk.len = len;
	while (event != XML_OVER && event != XML_WRONG) {
		event = xml_walk_next(&r->walk);
		if (event == XML_BEGIN && r->walk.depth == 1)
			is_report = strcmp(r->walk.names[0], "feedback") == 0;
		if (event == XML_END && is_report)
			end_element(table, r);
	}
	if (event == XML_WRONG)
		wrong = "malformed XML";
	else if (!is_report || r->records == 0)
		wrong = "no report";
	for (i = 0; i < VALUES; i++)
		stralloc_free(&r->values[i]);
	stralloc_free(&r->results);
	stralloc_free(&r->reasons);
	stralloc_free(&r->walk.text);
	free(r);
	return wrong;
}
