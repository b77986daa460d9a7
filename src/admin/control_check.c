#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/control_check.h"
#include "admin/control_line.h"
#include "admin/policy_lines.h"
#include "admin/text_file.h"
#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/rate_line.h"
#include "lib/smtproutes.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define BYTES_MAX 9223372036854775807ULL
#define ID_MAX 4294967294ULL /* uid_t and gid_t without -1 */
#define PORT_MAX 65535
#define CONCURRENCY_MAX 500
#define DAY 86400
#define YEAR 31536000

/* A name of ours. */
static const char *
check_host(const char *s, size_t len)
{
	return address_is_host(s, len) ? NULL : "not a domain";
}

/* A domain, or with a dot before it all that lies below it. */
static const char *
check_domain_below(const char *s, size_t len)
{
	size_t dot = s[0] == '.';

	return address_is_domain(s + dot, len - dot) ? NULL : "not a domain";
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
control_check_resolver(const char *s, size_t len)
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

static const char *
check_route(const char *s, size_t len)
{
	char line[1024];

	return take(line, sizeof line, s, len) && smtproutes_line(line)
		   ? NULL
		   : "not DOMAIN:, DOMAIN:HOST or DOMAIN:HOST:PORT";
}

static const char *
check_local(const char *s, size_t len)
{
	return address_is_local(s, len) ? NULL
					: "not the part of an address before the @";
}

static const char *
check_rate(const char *s, size_t len)
{
	struct rate_line rate;
	char line[1024];

	return take(line, sizeof line, s, len) && rate_line_parse(&rate, line)
		   ? NULL
		   : "not DOMAIN RATE, mx:HOST RATE or * RATE";
}

static const char *
check_address(const char *s, size_t len)
{
	return address_is_local(s, len) || address_is_mailbox(s, len) ? NULL
								      : "not an address";
}

static const char *
check_owner(const char *s, size_t len)
{
	unsigned long long n;
	const char *colon = memchr(s, ':', len);

	return colon && text_number(s, colon - s, ID_MAX, &n) && n > 0 &&
		       text_number(colon + 1, s + len - colon - 1, ID_MAX, &n)
		   ? NULL
		   : "not of the form UID:GID";
}

/* What the programs that read a file take: one line that is checked, or a number. */
static const struct control_file {
	const char *name;
	int list; /* many lines, and comments */
	const char *(*check)(const char *s, size_t len);
	unsigned long long least, most; /* of a number, when there is no check */
} controls[] = {
    {"control/me", 0, check_host, 0, 0},
    {"control/defaultdomain", 0, check_host, 0, 0},
    {"control/helohost", 0, check_host, 0, 0},
    {"control/doublebounceto", 0, check_address, 0, 0},
    {"control/mailuser", 0, check_owner, 0, 0},
    {"control/relayclients", 1, check_network, 0, 0},
    {"control/relaydomains", 1, check_domain_below, 0, 0},
    {"control/channelbinding", 0, NULL, 0, 1},
    {"control/localips", 1, check_network, 0, 0},
    {"control/proxyclients", 1, check_network, 0, 0},
    {"control/badhelo", 1, check_domain_below, 0, 0},
    {"control/ratelimits", 1, policy_lines_rate, 0, 0},
    {"control/smtpplugins", 1, policy_lines_plugin, 0, 0},
    {"control/dnsbl", 1, policy_lines_dnsbl, 0, 0},
    {"control/dnsblscore", 0, NULL, 1, 1000},
    {"control/greyallow", 1, check_network, 0, 0},
    {"control/greydelay", 0, NULL, 0, YEAR},
    {"control/greywindow", 0, NULL, 1, YEAR},
    {"control/greylife", 0, NULL, 1, YEAR},
    {"control/senders", 1, control_line_sender, 0, 0},
    {"control/checkfrom", 0, NULL, 0, 1},
    {"control/hideclient", 0, NULL, 0, 1},
    {"control/smtproutes", 1, check_route, 0, 0},
    {"control/rates", 1, check_rate, 0, 0},
    {"control/resolvers", 1, control_check_resolver, 0, 0},
    {"control/paused", 1, control_line_paused, 0, 0},
    {"control/hold", 1, control_line_hold, 0, 0},
    {"control/retry", 1, NULL, 1, YEAR},
    {"control/queuelifetime", 0, NULL, 0, YEAR},
    {"control/delaywarning", 0, NULL, 0, YEAR},
    {"control/bouncemaxbytes", 0, NULL, 0, BYTES_MAX},
    {"control/bouncehost", 0, check_host, 0, 0},
    {"control/bouncefrom", 0, check_local, 0, 0},
    {"control/databytes", 0, NULL, 0, BYTES_MAX},
    {"control/quota", 0, NULL, 0, BYTES_MAX},
    {"control/queuereserve", 0, NULL, 0, BYTES_MAX},
    {"control/headermax", 0, NULL, 0, BYTES_MAX},
    {"control/timeoutsmtpd", 0, NULL, 1, DAY},
    {"control/timeoutsession", 0, NULL, 1, 7 * DAY},
    {"control/timeoutpop3", 0, NULL, 1, DAY},
    {"control/timeoutremote", 0, NULL, 1, DAY},
    {"control/timeoutconnect", 0, NULL, 1, DAY},
    {"control/mxport", 0, NULL, 1, PORT_MAX},
    {"control/concurrencylocal", 0, NULL, 1, CONCURRENCY_MAX},
    {"control/concurrencyremote", 0, NULL, 1, CONCURRENCY_MAX},
    {"control/concurrencydestination", 0, NULL, 1, CONCURRENCY_MAX},
};

/* Null, or what is wrong with the line. */
static const char *
check_line(const struct control_file *control, const struct text_line *line, int is_first)
{
	unsigned long long n;

	if (is_first && control->check == policy_lines_plugin && *line->s != '[')
		return "a plugin before the first section";

	if (!control->list && line->number > 1)
		return "only the first line counts";
	if (control->check)
		return control->check(line->s, line->len);
	if (!text_number(line->s, line->len, -1ULL, &n))
		return "not a number";
	if (n < control->least || n > control->most)
		return n == 0 ? "0 is too little" : "the number is too big";
	return NULL;
}

static unsigned
check_file(const struct control_file *control)
{
	static struct text_file file;
	struct text_line line = {0};
	unsigned wrong = 0, lines = 0;
	const char *what;

	if (text_file_read(&file, control->name) == -1)
		diesys(DEFER, "unable to read ", control->name);
	while (text_file_next(&file, &line)) {
		lines++;
		what = check_line(control, &line, lines == 1);
		if (what) {
			text_file_complain(control->name, line.number, what, NULL);
			wrong++;
		}
	}
	if (lines == 0 && !control->list && !control->check &&
	    access(control->name, F_OK) == 0) {
		text_file_complain(control->name, 1, "no number", NULL);
		wrong++;
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
