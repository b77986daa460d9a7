#include <string.h>

#include "lib/address.h"
#include "lib/domain_form.h"
#include "lib/from_addresses.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "origin/author.h"

int
author_domain(char *domain, const char *s, size_t len)
{
	stralloc other = {0};
	int r = -1;

	while (len > 0 && s[len - 1] == '.')
		len--;
	if (len > 0 && *s != '[' && address_is_domain(s, len)) {
		if (utf8_is_ascii(s, len))
			r = text_copy(domain, TREE_DOMAIN_MAX + 1, s, len) ? 0 : -1;
		else if (domain_form_other(&other, s, len))
			r = text_copy(domain, TREE_DOMAIN_MAX + 1, other.s, other.len)
				? 0
				: -1;
	}
	stralloc_free(&other);
	if (r == 0)
		lower_string(domain);
	return r;
}

/* Code points that no domain has (RFC 5892), or whose small letter it has instead. */
static const struct {
	unsigned long first, last;
	long shift; /* to what is meant, as UTS 46 says; 0: nobody knows */
} not_in_domains[] = {{0x80, 0xb6, 0}, {0xb8, 0xbf, 0}, {0xc0, 0xd6, 0x20},
    {0xd7, 0xd7, 0}, {0xd8, 0xde, 0x20}, {0xf7, 0xf7, 0}, {0x2b0, 0x2b8, 0},
    {0x391, 0x3a9, 0x20}, {0x400, 0x40f, 0x50}, {0x410, 0x42f, 0x20}, {0x2000, 0x200b, 0},
    {0x200e, 0x2bff, 0}, {0x3000, 0x3001, 0}, {0x3002, 0x3002, 0x2e - 0x3002},
    {0x3003, 0x3004, 0}, {0x3008, 0x3020, 0}, {0xe000, 0xf8ff, 0}, {0xfe00, 0xfe1f, 0},
    {0xfe30, 0xff00, 0}, {0xff01, 0xff5e, 0x21 - 0xff01}, {0xff61, 0xff61, 0x2e - 0xff61},
    {0xffa0, 0xffff, 0}, {0xe0000, 0x10ffff, 0}};

/* What c stands for in a domain, behind the code point before; 0 when it stands in none.
 */
static unsigned long
in_domain(unsigned long c, unsigned long before)
{
	size_t i;

	/* the joiners have a meaning in the scripts of India and Persia only */
	if (c == 0x200c || c == 0x200d)
		return before >= 0x600 && before < 0x2000 ? c : 0;
	for (i = 0; i < sizeof not_in_domains / sizeof *not_in_domains; i++)
		if (c >= not_in_domains[i].first && c <= not_in_domains[i].last)
			return not_in_domains[i].shift == 0
				   ? 0
				   : c + (unsigned long)not_in_domains[i].shift;
	return c;
}

/* Append the domain s[0..len) as it is meant.  Returns 0 when it can't be meant. */
static int
put_meant(stralloc *out, const char *s, size_t len)
{
	unsigned long c, before = 0;
	char buf[4];
	size_t n;

	for (; len > 0; s += n, len -= n) {
		c = in_domain(utf8_first(s, len, &n), before);
		if (c == 0)
			return 0;
		before = c;
		text_catb(out, buf, utf8_put(buf, c));
	}
	return 1;
}

/* Take the domain s[0..len).  Returns 0, or -1 when it is none. */
static int
find_domain(struct author *author, char *domain, const char *s, size_t len)
{
	stralloc meant = {0};
	int r = -1;

	if (utf8_is_ascii(s, len) || !utf8_is_sound(s, len))
		return author_domain(domain, s, len);
	if (put_meant(&meant, s, len))
		r = author_domain(domain, meant.s, meant.len);
	author->is_unreadable |= r == -1;
	stralloc_free(&meant);
	return r;
}

/* Returns 0, or -1 when it is no domain. */
static int
add(struct author *author, const char *s, size_t len)
{
	char domain[TREE_DOMAIN_MAX + 1];
	size_t i;

	if (find_domain(author, domain, s, len) == -1)
		return -1;
	for (i = 0; i < author->n; i++)
		if (strcmp(author->domains[i], domain) == 0)
			return 0;
	if (author->n == AUTHOR_DOMAINS_MAX)
		author->has_more = 1;
	else
		strcpy(author->domains[author->n++], domain);
	return 0;
}

static int
is_domain_char(char c)
{
	return c == '.' || c == '-' || c == '_' || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c & 0x80);
}

/* A control character, which stands in no domain, and may not be seen in one. */
static int
is_hidden(char c)
{
	return ((unsigned char)c < ' ' && strchr("\t\r\n", c) == NULL) || c == 127;
}

/* Take all that stands behind an @: whoever shows the field may read it in any way. */
static void
scan(struct author *author, const char *s, size_t len)
{
	size_t i, begin, ascii;

	for (i = 0; i < len; i++) {
		if (s[i] != '@')
			continue;
		begin = i + 1;
		while (i + 1 < len && is_domain_char(s[i + 1]))
			i++;
		author->is_unreadable |= i + 1 < len && is_hidden(s[i + 1]);
		if (add(author, s + begin, i + 1 - begin) == 0)
			continue;
		for (ascii = begin; ascii <= i && !(s[ascii] & 0x80); ascii++)
			;
		add(author, s + begin, ascii - begin);
	}
}

/* Take the domains of one field. */
static void
take_field(struct author *author, const char *s, size_t len)
{
	stralloc address = {0};
	size_t at = 0, domain;
	int r;

	while ((r = from_addresses_next(s, len, &at, &address)) == 1) {
		domain = address_domain(address.s, address.len);
		add(author, address.s + domain, address.len - domain);
	}
	stralloc_free(&address);
	if (r == 0)
		return;
	author->is_malformed = 1;
	scan(author, s, len);
	/* an address may be encoded there, for readers' eyes only */
	if (author->n == 0 && memmem(s, len, "=?", 2) != NULL)
		author->is_unreadable = 1;
}

void
author_find(struct author *author, const char *s, size_t len)
{
	const char *end;
	size_t at, one;

	*author = (struct author){0};
	for (at = 0; at < len; at += one + 1) {
		end = memchr(s + at, '\0', len - at);
		one = end != NULL ? (size_t)(end - s) - at : len - at;
		take_field(author, s + at, one);
	}
}
