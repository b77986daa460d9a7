#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/text.h"
#include "sts/tls_rua.h"

#define VERSION "v=TLSRPTv1"
#define PLACE_MAX 1000

static int
value_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode %XX: 0, or -1 when it is malformed, or becomes what a line can't hold. */
static int
decode(char *to, const char *s, size_t len)
{
	int high, low;
	size_t i;

	for (i = 0; i < len; i++) {
		*to = s[i];
		if (s[i] == '%') {
			if (i + 2 >= len)
				return -1;
			high = value_of(s[i + 1]);
			low = value_of(s[i + 2]);
			if (high == -1 || low == -1)
				return -1;
			*to = (char)(high << 4 | low);
			i += 2;
		}
		if (*to <= ' ' || *to == 0x7f)
			return -1;
		to++;
	}
	*to = '\0';
	return 0;
}

/* Returns whether it is one that can be used. */
static int
add_mail(stralloc *places, const char *s, size_t len)
{
	const char *query = memchr(s, '?', len);
	char address[PLACE_MAX + 1];

	if (query != NULL)
		len = (size_t)(query - s);
	if (decode(address, s, len) == -1 ||
	    !address_is_mailbox(address, strlen(address)))
		return 0;
	text_cat(places, "mailto:", address, (char *)NULL);
	text_catb(places, "", 1);
	return 1;
}

static int
add_web(stralloc *places, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] >= 0x7f || strchr("\"<>\\^`{|}", s[i]) != NULL)
			return 0;
	text_catb(places, s, len);
	text_catb(places, "", 1);
	return 1;
}

static int
add_place(stralloc *places, const char *s, size_t len)
{
	while (len > 0 && (*s == ' ' || *s == '\t'))
		s++, len--;
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	if (len > PLACE_MAX)
		return 0;
	if (len > 7 && strncasecmp(s, "mailto:", 7) == 0)
		return add_mail(places, s + 7, len - 7);
	if (len > 8 && strncasecmp(s, "https://", 8) == 0)
		return add_web(places, s, len);
	return 0;
}

/* The places in the list s[0..len): how many. */
static int
add_places(stralloc *places, const char *s, size_t len)
{
	const char *comma;
	int n = 0;

	while (n < TLS_RUA_MAX) {
		comma = memchr(s, ',', len);
		n += add_place(places, s, comma != NULL ? (size_t)(comma - s) : len);
		if (comma == NULL)
			break;
		len -= (size_t)(comma + 1 - s);
		s = comma + 1;
	}
	return n;
}

int
tls_rua_parse(stralloc *places, const char *s, size_t len)
{
	const char *end = s + len, *semicolon;
	size_t n = sizeof(VERSION) - 1;

	if (len < n || memcmp(s, VERSION, n) != 0)
		return 0;
	s += n;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s == end)
		return -1;
	if (*s != ';')
		return 0;
	while (s < end) {
		s++;
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		semicolon = memchr(s, ';', (size_t)(end - s));
		if (semicolon == NULL)
			semicolon = end;
		if (semicolon - s > 4 && strncmp(s, "rua=", 4) == 0)
			return add_places(places, s + 4, (size_t)(semicolon - s) - 4) > 0
				   ? 1
				   : -1;
		s = semicolon;
	}
	return -1;
}
