#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "lib/enhanced_status.h"
#include "lib/next_hop.h"
#include "lib/text.h"

#define PORT_MAX 65535
#define BLANKS " \t"
#define PATH_SIZE (sizeof((struct sockaddr_un *)0)->sun_path)

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
	return len <= NEXT_HOP_HOST_MAX;
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
	return len > 0 && len <= NEXT_HOP_HOST_MAX;
}

/* HOST or HOST:PORT, of which HOST may be empty: 1, or 0. */
static int
parse_host(struct next_hop *hop, const char *s, size_t len)
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
	hop->port = (unsigned)port;
	return text_copy(hop->host, sizeof(hop->host), host, n);
}

static int
parse_path(struct next_hop *hop, const char *s, size_t len)
{
	hop->kind = NEXT_HOP_LMTP_PATH;
	hop->port = 0;
	return len > 1 && len < PATH_SIZE &&
	       text_copy(hop->host, sizeof(hop->host), s, len);
}

int
next_hop_parse(struct next_hop *hop, const char *s, size_t len)
{
	static const struct {
		const char *prefix;
		enum next_hop_kind kind;
		unsigned port;
	} forms[] = {{"mx!", NEXT_HOP_MX, 0},
	    {"smtps://", NEXT_HOP_SMTPS, NEXT_HOP_PORT_SMTPS},
	    {"lmtp://", NEXT_HOP_LMTP, 0}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t n = strlen(forms[i].prefix);

		if (len < n || strncasecmp(s, forms[i].prefix, n) != 0)
			continue;
		if (forms[i].kind == NEXT_HOP_LMTP && len > n && s[n] == '/')
			return parse_path(hop, s + n, len - n);
		if (!parse_host(hop, s + n, len - n) || hop->host[0] == '\0')
			return 0;
		hop->kind = forms[i].kind;
		if (hop->port == 0)
			hop->port = forms[i].port;
		/* LMTP has no port of its own: RFC 2033, 5 */
		return hop->kind != NEXT_HOP_LMTP || hop->port > 0;
	}
	if (!parse_host(hop, s, len))
		return 0;
	hop->kind = hop->host[0] != '\0' ? NEXT_HOP_SMTP : NEXT_HOP_DOMAIN;
	return 1;
}

int
next_hop_take(struct next_hop *hop, const char **s)
{
	const char *from = *s + strspn(*s, BLANKS);
	size_t len = strcspn(from, BLANKS);

	*s = from + len;
	if (len == 0)
		return 0;
	return next_hop_parse(hop, from, len) ? 1 : -1;
}

const char *
next_hop_refusal(const char *hops)
{
	hops += strspn(hops, BLANKS);
	if (strncmp(hops, "fail", 4) != 0 || strcspn(hops, BLANKS) != 4)
		return NULL;
	return hops + 4 + strspn(hops + 4, BLANKS);
}

const char *
next_hop_refusal_text(const char *text, char status[NEXT_HOP_STATUS_MAX])
{
	size_t n = enhanced_status_scan(text, strlen(text), '5');

	if (n > 0 && text_copy(status, NEXT_HOP_STATUS_MAX, text, n)) {
		text += n;
		text += strspn(text, BLANKS);
	} else {
		strcpy(status, "5.7.1");
	}
	return *text != '\0' ? text : "mail for this address is not taken";
}

int
next_hop_are(const char *hops)
{
	struct next_hop hop;
	size_t n = 0;
	int r;

	if (next_hop_refusal(hops) != NULL)
		return 1;
	while ((r = next_hop_take(&hop, &hops)) == 1)
		/* "fail" as one of several would be taken for the name of a host */
		if ((hop.kind == NEXT_HOP_DOMAIN || strcmp(hop.host, "fail") == 0) &&
		    (n++ > 0 || hops[strspn(hops, BLANKS)] != '\0'))
			return 0;
		else
			n++;
	return r == 0;
}
