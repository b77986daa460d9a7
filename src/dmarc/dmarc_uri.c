#include <string.h>
#include <strings.h>

#include "dmarc/dmarc_uri.h"
#include "lib/address.h"
#include "lib/text.h"

#define URI_MAX 1024

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The URI at list[*at..len), without blanks around it; 0 at the end. */
static int
next_uri(const char *list, size_t len, size_t *at, const char **uri, size_t *uri_len)
{
	const char *comma;

	if (*at >= len)
		return 0;
	comma = memchr(list + *at, ',', len - *at);
	*uri_len = comma != NULL ? (size_t)(comma - list) - *at : len - *at;
	*uri = list + *at;
	*at += *uri_len + 1;
	while (*uri_len > 0 && is_blank((*uri)[*uri_len - 1]))
		--*uri_len;
	for (; *uri_len > 0 && is_blank(**uri); --*uri_len)
		++*uri;
	return 1;
}

/* Where what follows the scheme of the URI s[0..len) begins; 0 when it is none. */
static size_t
scheme_size(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		char c = (char)(s[i] | 0x20);

		if (s[i] == ':')
			return i > 0 && i + 1 < len ? i + 1 : 0;
		if ((c < 'a' || c > 'z') &&
		    (i == 0 || ((s[i] < '0' || s[i] > '9') && s[i] != '+' &&
				   s[i] != '-' && s[i] != '.')))
			return 0;
	}
	return 0;
}

/* The same, 0 too when something in it can't stand in a URI. */
static size_t
uri_scheme(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return 0;
	return scheme_size(s, len);
}

int
dmarc_uri_is_any(const char *list, size_t len)
{
	const char *uri;
	size_t at = 0, uri_len;

	while (next_uri(list, len, &at, &uri, &uri_len))
		if (uri_scheme(uri, uri_len) > 0)
			return 1;
	return 0;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Append what follows "mailto:", decoded.  Returns 0 when it is malformed. */
static int
decode(stralloc *address, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && s[i] != '?' && s[i] != '!'; i++) {
		char c = s[i];

		if (c == '%') {
			int high = i + 1 < len ? hex_digit(s[i + 1]) : -1;
			int low = i + 2 < len ? hex_digit(s[i + 2]) : -1;

			if (high == -1 || low == -1)
				return 0;
			c = (char)(high << 4 | low);
			i += 2;
		}
		text_catb(address, &c, 1);
	}
	return address->len > 0 && address_is_mailbox(address->s, address->len);
}

/*
 * What stands behind the "!" of s[0..len), "10m" for one: bytes; 0 when there is nothing
 * that can be understood.
 */
static unsigned long long
size_limit(const char *s, size_t len)
{
	static const char units[] = "kmgt"; /* each 1024 of the one before */
	const char *mark = memchr(s, '!', len), *unit = NULL;
	unsigned long long n;
	size_t size, shift = 0;

	if (mark == NULL)
		return 0;
	size = len - (size_t)(mark + 1 - s);
	if (size > 0)
		unit = memchr(units, mark[size] | 0x20, sizeof units - 1);
	if (unit != NULL)
		shift = 10 * (size_t)(unit - units + 1);
	if (!text_number(mark + 1, size - (unit != NULL), -1ULL >> shift, &n))
		return 0;
	return n << shift;
}

int
dmarc_uri_address(const char *list, size_t len, size_t *at, stralloc *address,
    unsigned long long *limit)
{
	const char *uri;
	size_t uri_len, begin;

	while (next_uri(list, len, at, &uri, &uri_len)) {
		begin = uri_scheme(uri, uri_len);
		address->len = 0;
		*limit = size_limit(uri, uri_len);
		if (uri_len <= URI_MAX && begin == 7 &&
		    strncasecmp(uri, "mailto:", 7) == 0 &&
		    decode(address, uri + begin, uri_len - begin))
			return 1;
	}
	return 0;
}
