#include <string.h>

#include "dmarc/dmarc_record.h"
#include "lib/text.h"
#include "lib/visible.h"
#include "origin/report_xml.h"

/* Append s as text of an element: what is no visible text becomes "?". */
static void
put_text(stralloc *xml, const char *s, size_t len)
{
	size_t size;
	int is_visible;

	for (; len > 0; s += size, len -= size) {
		size = visible_first(s, len, &is_visible);
		if (!is_visible)
			text_cat(xml, "?", (char *)NULL);
		else if (*s == '&')
			text_cat(xml, "&amp;", (char *)NULL);
		else if (*s == '<')
			text_cat(xml, "&lt;", (char *)NULL);
		else if (*s == '>')
			text_cat(xml, "&gt;", (char *)NULL);
		else
			text_catb(xml, s, size);
	}
}

/* Append an element with that text, indented. */
static void
put_bytes(stralloc *xml, const char *indent, const char *name, const char *s, size_t len)
{
	text_cat(xml, indent, "<", name, ">", (char *)NULL);
	put_text(xml, s, len);
	text_cat(xml, "</", name, ">\n", (char *)NULL);
}

static void
put(stralloc *xml, const char *indent, const char *name, const char *s)
{
	put_bytes(xml, indent, name, s, strlen(s));
}

static void
put_number(stralloc *xml, const char *indent, const char *name, unsigned long long n)
{
	char buf[DECIMAL_MAX];

	put(xml, indent, name, text_decimal(buf, n));
}

static void
put_metadata(stralloc *xml, const struct report *report)
{
	text_cat(xml, " <report_metadata>\n", (char *)NULL);
	put(xml, "  ", "org_name", report->organisation);
	put(xml, "  ", "email", report->address);
	put(xml, "  ", "report_id", report->id);
	text_cat(xml, "  <date_range>\n", (char *)NULL);
	put_number(xml, "   ", "begin", (unsigned long long)report->begin);
	put_number(xml, "   ", "end", (unsigned long long)report->end);
	text_cat(xml, "  </date_range>\n", (char *)NULL);
	put(xml, "  ", "generator", "facteur dmarc-report");
	text_cat(xml, " </report_metadata>\n", (char *)NULL);
}

/* What the record says now, and what it leaves to the defaults. */
static void
put_policy(stralloc *xml, const struct aggregate_line *line)
{
	const char *text = line->fields[TALLY_RECORD];
	struct dmarc_record record;

	if (!dmarc_record_parse(&record, text, strlen(text)))
		record = (struct dmarc_record){
		    .p = DMARC_NONE, .adkim = 'r', .aspf = 'r', .fo = "0"};
	text_cat(xml, " <policy_published>\n", (char *)NULL);
	put(xml, "  ", "domain", line->fields[TALLY_DOMAIN]);
	put(xml, "  ", "discovery_method", "treewalk");
	put(xml, "  ", "p", dmarc_record_word(record.p));
	put(xml, "  ", "sp",
	    dmarc_record_word(record.sp != DMARC_UNSET ? record.sp : record.p));
	put(xml, "  ", "np",
	    dmarc_record_word(record.np != DMARC_UNSET   ? record.np
			      : record.sp != DMARC_UNSET ? record.sp
							 : record.p));
	put(xml, "  ", "fo", record.fo);
	put_bytes(xml, "  ", "adkim", &record.adkim, 1);
	put_bytes(xml, "  ", "aspf", &record.aspf, 1);
	put(xml, "  ", "testing", record.is_testing ? "y" : "n");
	text_cat(xml, " </policy_published>\n", (char *)NULL);
}

/* One signature, "DOMAIN SELECTOR RESULT". */
static void
put_signature(stralloc *xml, const char *s, size_t len)
{
	const char *selector = memchr(s, ' ', len), *result;

	if (selector == NULL)
		return;
	selector++;
	result = memchr(selector, ' ', len - (size_t)(selector - s));
	if (result == NULL)
		return;
	result++;
	text_cat(xml, "   <dkim>\n", (char *)NULL);
	put_bytes(xml, "    ", "domain", s, (size_t)(selector - s) - 1);
	put_bytes(xml, "    ", "selector", selector, (size_t)(result - selector) - 1);
	put_bytes(xml, "    ", "result", result, len - (size_t)(result - s));
	text_cat(xml, "   </dkim>\n", (char *)NULL);
}

static void
put_results(stralloc *xml, char *const *fields)
{
	const char *s = fields[TALLY_SIGNATURES];
	size_t len;

	text_cat(xml, "  <auth_results>\n", (char *)NULL);
	for (; *s; s += len + (s[len] == ',')) {
		len = strcspn(s, ",");
		put_signature(xml, s, len);
	}
	if (*fields[TALLY_SPF_RESULT] && *fields[TALLY_SPF_DOMAIN]) {
		text_cat(xml, "   <spf>\n", (char *)NULL);
		put(xml, "    ", "domain", fields[TALLY_SPF_DOMAIN]);
		put(xml, "    ", "scope", "mfrom");
		put(xml, "    ", "result", fields[TALLY_SPF_RESULT]);
		text_cat(xml, "   </spf>\n", (char *)NULL);
	}
	text_cat(xml, "  </auth_results>\n", (char *)NULL);
}

static void
put_row(stralloc *xml, char *const *fields, size_t count)
{
	text_cat(xml, " <record>\n  <row>\n", (char *)NULL);
	put(xml, "   ", "source_ip", fields[TALLY_CLIENT]);
	put_number(xml, "   ", "count", count);
	text_cat(xml, "   <policy_evaluated>\n", (char *)NULL);
	put(xml, "    ", "disposition", fields[TALLY_DISPOSITION]);
	put(xml, "    ", "dkim", fields[TALLY_DKIM]);
	put(xml, "    ", "spf", fields[TALLY_SPF]);
	if (*fields[TALLY_REASON]) {
		text_cat(xml, "    <reason>\n", (char *)NULL);
		put(xml, "     ", "type", fields[TALLY_REASON]);
		text_cat(xml, "    </reason>\n", (char *)NULL);
	}
	text_cat(
	    xml, "   </policy_evaluated>\n  </row>\n  <identifiers>\n", (char *)NULL);
	put(xml, "   ", "header_from", fields[TALLY_AUTHOR]);
	put(xml, "   ", "envelope_from", fields[TALLY_SENDER]);
	text_cat(xml, "  </identifiers>\n", (char *)NULL);
	put_results(xml, fields);
	text_cat(xml, " </record>\n", (char *)NULL);
}

size_t
report_xml_put(stralloc *xml, const struct report *report, const struct aggregate *a,
    size_t begin, size_t end)
{
	size_t i, next, rows = 0, beyond = 0;

	text_cat(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
	    "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">\n",
	    " <version>1.0</version>\n", (char *)NULL);
	put_metadata(xml, report);
	put_policy(xml, aggregate_latest(a, begin, end));
	for (i = begin; i < end; i = next) {
		next = aggregate_row_end(a, i, end);
		if (rows++ < REPORT_ROWS_MAX)
			put_row(xml, a->lines[i].fields, next - i);
		else
			beyond++;
	}
	text_cat(xml, "</feedback>\n", (char *)NULL);
	return beyond;
}
