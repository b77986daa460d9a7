#include <string.h>
#include <strings.h>

#include "lib/smtproutes.h"
#include "lib/text.h"

#define PORT_MAX 65535

/*
 * Host names with underscores exist, so more is let through than RFC 1123 allows; what
 * other tools' routes may hold, such as a password, is not.
 */
static int
is_host(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'z') &&
		    (s[i] < 'A' || s[i] > 'Z') && s[i] != '-' && s[i] != '_' &&
		    s[i] != '.' && (unsigned char)s[i] < 128)
			return 0;
	return len <= ROUTE_HOST_MAX;
}

/* An address in brackets, the tag of RFC 5321, 4.1.3, allowed.  Not looked at closely. */
static int
is_bracketed(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') &&
		    (s[i] < 'A' || s[i] > 'F') && s[i] != ':' && s[i] != '.')
			return 0;
	return len > 0 && len <= ROUTE_HOST_MAX;
}

int
smtproutes_target(struct smtproute *route, const char *s, size_t len)
{
	const char *end = s + len, *host = s, *after;
	unsigned long long port = 0;
	size_t n;

	if (len > 0 && *s == '[') {
		after = memchr(s, ']', len);
		if (after == NULL)
			return 0;
		host = s + 1;
		if (after - host > 5 && strncasecmp(host, "IPv6:", 5) == 0)
			host += 5;
		n = (size_t)(after++ - host);
		if (!is_bracketed(host, n))
			return 0;
	} else {
		after = memchr(s, ':', len);
		if (after == NULL)
			after = end;
		n = (size_t)(after - host);
		if (!is_host(host, n))
			return 0;
	}
	if (after < end &&
	    (*after != ':' ||
		!text_number(after + 1, (size_t)(end - after - 1), PORT_MAX, &port) ||
		port == 0))
		return 0;
	memcpy(route->host, host, n);
	route->host[n] = '\0';
	route->port = (unsigned)port;
	return 1;
}

/* Where the colon after the domain is; a domain may be an address in brackets. */
static const char *
colon_of(const char *line)
{
	const char *from = *line == '[' ? strchr(line, ']') : line;

	return from != NULL ? strchr(from, ':') : NULL;
}

int
smtproutes_line(const char *line)
{
	const char *colon = colon_of(line);
	struct smtproute route;

	return colon != NULL && strcspn(line, " \t") >= (size_t)(colon - line) &&
	       smtproutes_target(&route, colon + 1, strlen(colon + 1));
}

/* The line whose domain is key[0..n), or null.  A line may be a domain and nothing else.
 */
static const char *
line_of(const char *list, size_t len, const char *key, size_t n)
{
	const char *line, *colon;

	for (line = list; line < list + len; line += strlen(line) + 1) {
		colon = colon_of(line);
		if (n == (colon != NULL ? (size_t)(colon - line) : strlen(line)) &&
		    strncasecmp(line, key, n) == 0)
			return line;
	}
	return NULL;
}

int
smtproutes_find(struct smtproute *route, const char *list, size_t len, const char *domain)
{
	size_t n = strlen(domain), i;
	const char *line = NULL;

	if (n > 0 && domain[n - 1] == '.')
		n--;
	for (i = 0; i <= n && line == NULL; i++)
		if (i == 0 || i == n || (domain[i] == '.' && domain[0] != '['))
			line = line_of(list, len, domain + i, n - i);
	if (line == NULL)
		return 0;
	line += n - (i - 1);
	return *line == ':' && smtproutes_target(route, line + 1, strlen(line + 1)) ? 1
										    : -1;
}
