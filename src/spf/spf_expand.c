#include <string.h>

#include "lib/ipaddress.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "spf/spf_expand.h"
#include "spf/spf_macro.h"

#define PARTS_MAX 255 /* more than any name has */

/* The address in the form of names: RFC 7208, 7.3. */
static void
put_ip(stralloc *sa, const unsigned char ip[16])
{
	static const char digits[] = "0123456789ABCDEF";
	char text[IPADDRESS_TEXT_MAX];
	size_t i;

	ipaddress_text(text, ip);
	if (strchr(text, ':') == NULL) {
		text_cat(sa, text, (char *)NULL);
		return;
	}
	for (i = 0; i < 16; i++) {
		if (i > 0)
			text_cat(sa, ".", (char *)NULL);
		text_catb(sa, &digits[ip[i] >> 4], 1);
		text_cat(sa, ".", (char *)NULL);
		text_catb(sa, &digits[ip[i] & 15], 1);
	}
}

static void
put_value(stralloc *sa, char letter, const struct spf_expand_values *v)
{
	char text[IPADDRESS_TEXT_MAX], seconds[DECIMAL_MAX];

	switch (letter) {
	case 's':
		text_cat(sa, v->sender, (char *)NULL);
		break;
	case 'l':
		text_cat(sa, v->local, (char *)NULL);
		break;
	case 'o':
		text_cat(sa, v->sender_domain, (char *)NULL);
		break;
	case 'd':
		text_cat(sa, v->domain, (char *)NULL);
		break;
	case 'i':
		put_ip(sa, v->ip);
		break;
	case 'p':
		text_cat(sa, v->validated, (char *)NULL);
		break;
	case 'h':
		text_cat(sa, v->helo, (char *)NULL);
		break;
	case 'v':
		text_cat(sa,
		    strchr(ipaddress_text(text, v->ip), ':') == NULL ? "in-addr" : "ip6",
		    (char *)NULL);
		break;
	case 'c':
		text_cat(sa, ipaddress_text(text, v->ip), (char *)NULL);
		break;
	case 'r':
		text_cat(sa, v->receiver, (char *)NULL);
		break;
	case 't':
		text_cat(sa, text_decimal(seconds, (uint64_t)v->time), (char *)NULL);
		break;
	}
}

/* RFC 3986, 2.3 */
static int
is_unreserved(char c)
{
	return (lower_char(c) >= 'a' && lower_char(c) <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~", c) != NULL);
}

/* Append s[0..len), as a URL has it where that is asked for. */
static void
put_part(stralloc *sa, const char *s, size_t len, int is_url)
{
	static const char digits[] = "0123456789ABCDEF";
	char escape[3] = "%";
	size_t i;

	for (i = 0; i < len; i++) {
		if (!is_url || is_unreserved(s[i])) {
			text_catb(sa, s + i, 1);
			continue;
		}
		escape[1] = digits[(unsigned char)s[i] >> 4];
		escape[2] = digits[s[i] & 15];
		text_catb(sa, escape, 3);
	}
}

/* Where s[0..len) is parted; returns how many ends there are, the last being len. */
static size_t
part(size_t *ends, const char *s, size_t len, const struct spf_macro *m)
{
	size_t n = 0, i;

	for (i = 0; i < len && n < PARTS_MAX; i++)
		if (m->delimiters_len == 0
			? s[i] == '.'
			: memchr(m->delimiters, s[i], m->delimiters_len) != NULL)
			ends[n++] = i;
	ends[n++] = len;
	return n;
}

static void
expand(stralloc *sa, const struct spf_macro *m, const struct spf_expand_values *values)
{
	stralloc value = {0};
	size_t ends[PARTS_MAX + 1], n, first, i, which, begin;

	put_value(&value, m->letter, values);
	n = part(ends, value.s, value.len, m);
	first = m->parts > 0 && m->parts < n ? n - m->parts : 0;
	for (i = first; i < n; i++) {
		/* the parts that are left are the last of the order that is wanted */
		which = m->is_reversed ? n - 1 - i : i;
		begin = which == 0 ? 0 : ends[which - 1] + 1;
		if (i > first)
			text_cat(sa, ".", (char *)NULL);
		put_part(sa, value.s + begin, ends[which] - begin, m->is_url);
	}
	stralloc_free(&value);
}

void
spf_expand(
    stralloc *sa, const char *s, size_t len, const struct spf_expand_values *values)
{
	struct spf_macro m;
	size_t at;

	for (at = 0; at < len; at++) {
		if (s[at] != '%' || !spf_macro_read(&m, s + at, len - at)) {
			text_catb(sa, s + at, 1);
			continue;
		}
		at += m.len - 1;
		if (m.delimiters != NULL)
			expand(sa, &m, values);
		else
			text_cat(sa,
			    m.letter == '%'   ? "%"
			    : m.letter == '_' ? " "
					      : "%20",
			    (char *)NULL);
	}
}
