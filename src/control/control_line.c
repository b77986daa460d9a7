#include <string.h>
#include <strings.h>

#include "control/control_line.h"
#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/text.h"

#define PORT_MAX 65535

const char *
control_line_paused(const char *s, size_t len)
{
	if ((len == 5 && strncasecmp(s, "local", len) == 0) ||
	    (len == 6 && strncasecmp(s, "remote", len) == 0))
		return NULL;
	return address_is_domain(s, len) ? NULL : "neither local nor remote nor a domain";
}

/* USER:ADDRESS, where both may be "*", and ADDRESS "@DOMAIN". */
const char *
control_line_sender(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len), *end = s + len, *a;

	if (colon == NULL || ((colon != s + 1 || *s != '*') &&
				 !address_is_mailbox(s, (size_t)(colon - s))))
		return "not of the form USER:ADDRESS";
	for (a = colon + 1; a < end && (*a == ' ' || *a == '\t'); a++)
		;
	if (end - a > 1 && *a == '@')
		return address_is_domain(a + 1, (size_t)(end - a) - 1) ? NULL
								       : "not a domain";
	return (end - a == 1 && *a == '*') || address_is_mailbox(a, (size_t)(end - a))
		   ? NULL
		   : "not of the form USER:ADDRESS, USER:@DOMAIN or USER:*";
}

const char *
control_line_grey(const char *s, size_t len)
{
	static const char *const words[] = {"from", "to", "name", "pool"};
	size_t i, size;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		size = strlen(words[i]);
		if (len > size && memcmp(s, words[i], size) == 0 &&
		    (s[size] == ' ' || s[size] == '\t'))
			return NULL;
	}
	return "not of the form from ADDRESS, to ADDRESS, name HOST or pool ADDRESS";
}

/* The sections of qmail-spp; those that spp-adapt passes over are no mistakes. */
static int
is_section(const char *s, size_t len)
{
	static const char *const names[] = {
	    "connection", "helo", "mail", "rcpt", "data", "auth", "pass", NULL};
	int i;

	for (i = 0; names[i] != NULL; i++)
		if (strlen(names[i]) == len && memcmp(names[i], s, len) == 0)
			return 1;
	return 0;
}

const char *
control_line_plugin(const char *s, size_t len)
{
	const char *end = memchr(s, ']', len);

	if (memchr(s, '\0', len) != NULL)
		return "a null byte in it";
	if (*s == '[' && (end == NULL || !is_section(s + 1, (size_t)(end - s - 1))))
		return "no section of that name";
	return *s == ':' && len == 1 ? "no command after the colon" : NULL;
}

static int
is_ip(const char *s, size_t len)
{
	unsigned char ip[16];
	char copy[64];

	return text_copy(copy, sizeof copy, s, len) && ipaddress_scan(copy, ip);
}

/*
 * Where the port of HOST:PORT or [HOST]:PORT begins, just past its colon, with the
 * host at s[*from..*to); 0 when there is none; len + 1 when brackets don't match.
 */
static size_t
split_port(const char *s, size_t len, size_t *from, size_t *to)
{
	const char *end =
	    len > 0 && s[0] == '[' ? memchr(s, ']', len) : memchr(s, ':', len);

	*from = 0;
	*to = end != NULL ? (size_t)(end - s) : len;
	if (len == 0 || s[0] != '[')
		return end != NULL ? *to + 1 : 0;
	*from = 1;
	if (end == NULL || (end + 1 < s + len && end[1] != ':'))
		return len + 1;
	return end + 1 < s + len ? *to + 2 : 0;
}

const char *
control_line_resolver(const char *s, size_t len)
{
	unsigned long long n;
	size_t port, from, to;

	if (is_ip(s, len))
		return NULL;
	port = split_port(s, len, &from, &to);
	if (port > len || !is_ip(s + from, to - from))
		return "not ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT";
	if (port && (!text_number(s + port, len - port, PORT_MAX, &n) || n == 0))
		return "not a port after the address";
	return NULL;
}
