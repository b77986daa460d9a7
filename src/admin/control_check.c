#include <string.h>

#include <errmsg.h>

#include "admin/control_check.h"
#include "admin/text_file.h"
#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define NUMBER_MAX 9223372036854775807ULL
#define PORT_MAX 65535

static const char *
check_number(const char *s, size_t len)
{
	unsigned long long n;

	return text_number(s, len, NUMBER_MAX, &n) ? NULL : "not a number";
}

static const char *
check_positive(const char *s, size_t len)
{
	unsigned long long n;

	return text_number(s, len, NUMBER_MAX, &n) && n > 0 ? NULL
							    : "not a number above 0";
}

static const char *
check_port(const char *s, size_t len)
{
	unsigned long long n;

	return text_number(s, len, PORT_MAX, &n) && n > 0 ? NULL : "not a port";
}

static const char *
check_domain(const char *s, size_t len)
{
	return address_is_domain(s, len) ? NULL : "not a domain";
}

/* A domain, or with a dot before it all that lies below it. */
static const char *
check_domain_below(const char *s, size_t len)
{
	return check_domain(s + (s[0] == '.'), len - (s[0] == '.'));
}

/* Copy s[0..len) to a C string of at most max - 1 bytes; 0 when it does not fit. */
static int
take(char *copy, size_t max, const char *s, size_t len)
{
	if (len >= max || memchr(s, '\0', len))
		return 0;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return 1;
}

static const char *
check_network(const char *s, size_t len)
{
	static const unsigned char any[16];
	char rule[64];

	if (!take(rule, sizeof rule, s, len) || ipaddress_matches(any, rule) == -1)
		return "not an address, and no ADDRESS/BITS without host bits";
	return NULL;
}

static int
is_ip(const char *s, size_t len)
{
	unsigned char ip[16];
	char copy[64];

	return take(copy, sizeof copy, s, len) && ipaddress_scan(copy, ip);
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
	*to = end ? (size_t)(end - s) : len;
	if (len == 0 || s[0] != '[')
		return end ? *to + 1 : 0;
	*from = 1;
	if (!end || (end + 1 < s + len && end[1] != ':'))
		return len + 1;
	return end + 1 < s + len ? *to + 2 : 0;
}

const char *
control_check_route(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len), *relay = colon + 1;
	size_t relay_len, port, from, to;

	if (!colon)
		return "not of the form DOMAIN:HOST or DOMAIN:HOST:PORT";
	if (colon > s && check_domain_below(s, colon - s))
		return "not a domain before the ':'";
	relay_len = s + len - relay;
	port = split_port(relay, relay_len, &from, &to);
	if (port > relay_len || (port && check_port(relay + port, relay_len - port)))
		return "not a port after the host";
	/* No host: by MX, an exception from a wider line. */
	if (to > from && check_domain(relay + from, to - from) &&
	    !is_ip(relay + from, to - from))
		return "not a host";
	if (to == from && port)
		return "a port without a host";
	return NULL;
}

const char *
control_check_resolver(const char *s, size_t len)
{
	size_t port, from, to;

	if (is_ip(s, len))
		return NULL;
	port = split_port(s, len, &from, &to);
	if (port > len || !is_ip(s + from, to - from))
		return "not ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT";
	return port ? check_port(s + port, len - port) : NULL;
}

static const struct control_file {
	const char *name;
	const char *(*check)(const char *s, size_t len);
	int list; /* more than one line, comments */
} controls[] = {
    {"control/me", check_domain, 0},
    {"control/defaultdomain", check_domain, 0},
    {"control/relayclients", check_network, 1},
    {"control/relaydomains", check_domain_below, 1},
    {"control/smtproutes", control_check_route, 1},
    {"control/resolvers", control_check_resolver, 1},
    {"control/databytes", check_number, 0},
    {"control/quota", check_number, 0},
    {"control/timeoutsmtpd", check_positive, 0},
    {"control/timeoutpop3", check_positive, 0},
    {"control/timeoutremote", check_positive, 0},
    {"control/timeoutconnect", check_positive, 0},
    {"control/mxport", check_port, 0},
    {"control/retry", check_positive, 1},
    {"control/queuelifetime", check_number, 0},
    {"control/concurrencylocal", check_positive, 0},
    {"control/concurrencyremote", check_positive, 0},
};

static unsigned
check_file(const struct control_file *control)
{
	static struct text_file file;
	struct text_line line = {0};
	unsigned wrong = 0;
	const char *what;

	if (text_file_read(&file, control->name) == -1)
		diesys(DEFER, "unable to read ", control->name);
	while (text_file_next(&file, &line)) {
		what = !control->list && line.number > 1
			   ? "more than one line"
			   : control->check(line.s, line.len);
		if (what) {
			text_file_complain(control->name, line.number, what, NULL);
			wrong++;
		}
	}
	return wrong;
}

unsigned
control_check(void)
{
	unsigned wrong = 0;
	size_t i;

	for (i = 0; i < sizeof controls / sizeof *controls; i++)
		wrong += check_file(&controls[i]);
	return wrong;
}
