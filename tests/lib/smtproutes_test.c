#include <string.h>

#include <atf-c.h>

#include "lib/smtproutes.h"

static const struct {
	const char *target;
	const char *host; /* null: malformed */
	unsigned port;
} targets[] = {
    {"", "", 0},
    {"host", "host", 0},
    {"mail_1.Host.test", "mail_1.Host.test", 0},
    {"192.0.2.1", "192.0.2.1", 0},
    {"host:25", "host", 25},
    {":2525", "", 2525},
    {"[192.0.2.1]", "192.0.2.1", 0},
    {"[192.0.2.1]:65535", "192.0.2.1", 65535},
    {"[2001:db8::1]:25", "2001:db8::1", 25},
    {"[ipv6:2001:DB8::1]", "2001:DB8::1", 0},
    {"host:", NULL, 0},
    {"host:0", NULL, 0},
    {"host:65536", NULL, 0},
    {"host:25x", NULL, 0},
    {"host:-1", NULL, 0},
    {"host:25:26", NULL, 0},
    {"2001:db8::1", NULL, 0},
    {"[2001:db8::1", NULL, 0},
    {"[]", NULL, 0},
    {"[]:25", NULL, 0},
    {"[IPv6:]", NULL, 0},
    {"[host]", NULL, 0},
    {"[::1]25", NULL, 0},
    {"host|user|password", NULL, 0},
    {"ho st", NULL, 0},
};

ATF_TC_WITHOUT_HEAD(targets_are_a_host_and_a_port);
ATF_TC_BODY(targets_are_a_host_and_a_port, tc)
{
	struct smtproute route;
	const char *s;
	size_t i;
	int r;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		s = targets[i].target;
		r = smtproutes_target(&route, s, strlen(s));
		ATF_CHECK_EQ_MSG(targets[i].host != NULL, r, "%s", s);
		if (r != 1 || targets[i].host == NULL)
			continue;
		ATF_CHECK_STREQ_MSG(targets[i].host, route.host, "%s", s);
		ATF_CHECK_EQ_MSG(targets[i].port, route.port, "%s", s);
	}
}

ATF_TC_WITHOUT_HEAD(a_host_has_a_limit);
ATF_TC_BODY(a_host_has_a_limit, tc)
{
	char host[ROUTE_HOST_MAX + 2];
	struct smtproute route;

	memset(host, 'a', sizeof(host));
	ATF_CHECK_EQ(1, smtproutes_target(&route, host, ROUTE_HOST_MAX));
	ATF_CHECK_EQ(ROUTE_HOST_MAX, strlen(route.host));
	ATF_CHECK_EQ(0, smtproutes_target(&route, host, ROUTE_HOST_MAX + 1));
}

static const char list[] = "a.test:first\0"
			   "A.test:second\0"
			   ".a.test:below\0"
			   ".b.a.test:deep:26\0"
			   "none.a.test:\0"
			   "bad.test:host:port\0"
			   "colonless.test\0"
			   "[192.0.2.1]:literal\0"
			   "[IPv6:2001:db8::1]:six\0"
			   ".192.0.2.1]:never\0"
			   ":rest:27";

static const struct {
	const char *domain;
	const char *host; /* null: malformed */
	unsigned port;
} routes[] = {
    {"a.test", "first", 0},
    {"A.TEST.", "first", 0},
    {"x.a.test", "below", 0},
    {"x.y.a.test", "below", 0},
    {"x.B.a.test", "deep", 26},
    {"b.a.test", "below", 0},
    {"none.a.test", "", 0},
    {"xa.test", "rest", 27},
    {"test", "rest", 27},
    {"bad.test", NULL, 0},
    {"colonless.test", NULL, 0},
    {"[192.0.2.1]", "literal", 0},
    {"[ipv6:2001:DB8::1]", "six", 0},
    {"[192.0.2.2]", "rest", 27},
    {"a.test:first", "rest", 27},
};

ATF_TC_WITHOUT_HEAD(the_closest_line_counts);
ATF_TC_BODY(the_closest_line_counts, tc)
{
	struct smtproute route;
	const char *s;
	size_t i;
	int r;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		s = routes[i].domain;
		r = smtproutes_find(&route, list, sizeof(list), s);
		ATF_CHECK_EQ_MSG(routes[i].host != NULL ? 1 : -1, r, "%s", s);
		if (r != 1 || routes[i].host == NULL)
			continue;
		ATF_CHECK_STREQ_MSG(routes[i].host, route.host, "%s", s);
		ATF_CHECK_EQ_MSG(routes[i].port, route.port, "%s", s);
	}
	ATF_CHECK_EQ(0, smtproutes_find(&route, list, 0, "a.test"));
	ATF_CHECK_EQ(0, smtproutes_find(&route, "a.test:x", 9, "b.test"));
}

ATF_TC_WITHOUT_HEAD(lines_can_be_checked_beforehand);
ATF_TC_BODY(lines_can_be_checked_beforehand, tc)
{
	static const char *const good[] = {"a.test:host", ".a.test:host:25", ":host", ":",
	    "a.test:", "[192.0.2.1]:host", "[IPv6:2001:db8::1]:[2001:db8::2]:25"};
	static const char *const bad[] = {"", "a.test", "a.test host", "a.test:ho st",
	    "a test:host", "[::1:host", "a:b:c"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ATF_CHECK_MSG(smtproutes_line(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!smtproutes_line(bad[i]), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, targets_are_a_host_and_a_port);
	ATF_TP_ADD_TC(tp, a_host_has_a_limit);
	ATF_TP_ADD_TC(tp, the_closest_line_counts);
	ATF_TP_ADD_TC(tp, lines_can_be_checked_beforehand);
	return atf_no_error();
}
