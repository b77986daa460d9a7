#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/routes.h"

static const char domains[] = "a.test:first\0"
			      "A.test:second\0"
			      ".a.test:below\0"
			      ".b.a.test:deep:26\0"
			      "none.a.test:\0"
			      "several.test:one two:26 three\0"
			      "fail.test:fail it is gone\0"
			      "colonless.test\0"
			      "[192.0.2.1]:literal\0"
			      "[IPv6:2001:db8::1]:six\0"
			      ".192.0.2.1]:never\0"
			      "m\xc3\xbcller.test:umlaut\0"
			      ".xn--mller-kva.test:below-umlaut\0"
			      "dot.test.:dotted\0"
			      ":rest:27";

static const char senders[] = "who@a.test:his\0"
			      "@a.test:theirs\0"
			      "@.a.test:below\0"
			      "\"a:b@c\"@a.test:quoted\0"
			      "who@[IPv6:2001:db8::1]:literal\0"
			      "@m\xc3\xbcller.test:umlaut\0"
			      "b.test:never\0"
			      ":rest";

static const struct {
	const char *key;
	const char *hops; /* null: the line has none */
} by_domain[] =
    {
	{"a.test", "first"},
	{"A.TEST.", "first"},
	{"x.a.test", "below"},
	{"x.y.a.test", "below"},
	{"x.B.a.test", "deep:26"},
	{"b.a.test", "below"},
	{"none.a.test", ""},
	{"several.test", "one two:26 three"},
	{"fail.test", "fail it is gone"},
	{"xa.test", "rest:27"},
	{"test", "rest:27"},
	{"", "rest:27"},
	{"colonless.test", NULL},
	{"[192.0.2.1]", "literal"},
	{"[ipv6:2001:DB8::1]", "six"},
	{"[192.0.2.2]", "rest:27"},
	{"a.test:first", "rest:27"},
	{"xn--mller-kva.test", "umlaut"},
	{"M\xc3\xbcller.test", "umlaut"},
	{"x.xn--mller-kva.test", "below-umlaut"},
	{"x.m\xc3\xbcller.test", "below-umlaut"},
	{"dot.test", "dotted"},
	{"dot.test.", "dotted"},
},
  by_sender[] = {
      {"who@a.test", "his"},
      {"WHO@A.test", "his"},
      {"other@a.test", "theirs"},
      {"who@b.a.test", "below"},
      {"who@c.b.a.test", "below"},
      {"\"a:b@c\"@a.test", "quoted"},
      {"who@[IPv6:2001:db8::1]", "literal"},
      {"x@xn--mller-kva.test", "umlaut"},
      {"who@b.test", "rest"},
      {"b.test", "rest"},
      {"", "rest"},
      {"#@[]", "rest"},
};

ATF_TC_WITHOUT_HEAD(the_closest_line_counts);
ATF_TC_BODY(the_closest_line_counts, tc)
{
	struct routes_line found;

	for (size_t i = 0; i < sizeof(by_domain) / sizeof(*by_domain); i++) {
		const char *key = by_domain[i].key, *hops = by_domain[i].hops;

		ATF_REQUIRE_MSG(
		    routes_by_domain(domains, sizeof(domains), key, &found), "%s", key);
		ATF_CHECK_EQ_MSG(hops == NULL, found.hops == NULL, "%s", key);
		if (hops != NULL && found.hops != NULL)
			ATF_CHECK_STREQ_MSG(hops, found.hops, "%s", key);
	}
	ATF_CHECK_EQ(0, routes_by_domain(domains, 0, "a.test", &found));
	ATF_CHECK_EQ(0, routes_by_domain("a.test:x", 9, "b.test", &found));
	ATF_CHECK_EQ(0, routes_by_domain(".:x", 4, "a.test", &found));
	ATF_CHECK_EQ(1, routes_by_domain("a.test.:x", 10, "A.test", &found));
	ATF_CHECK_EQ(7, found.pattern);
	ATF_CHECK_STREQ("smtproutes", found.file);
}

ATF_TC_WITHOUT_HEAD(a_sender_has_a_line_too);
ATF_TC_BODY(a_sender_has_a_line_too, tc)
{
	struct routes_line found;

	for (size_t i = 0; i < sizeof(by_sender) / sizeof(*by_sender); i++) {
		const char *key = by_sender[i].key;

		ATF_REQUIRE_MSG(
		    routes_by_sender(senders, sizeof(senders), key, &found), "%s", key);
		ATF_CHECK_STREQ_MSG(by_sender[i].hops, found.hops, "%s", key);
	}
	ATF_CHECK_EQ(0, routes_by_sender("@a.test:x", 10, "who@b.test", &found));
	ATF_CHECK_EQ(0, routes_by_sender("@a.test:x", 10, "", &found));
}

static void
put(const char *path, const char *s, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ATF_REQUIRE_EQ((ssize_t)len, write(fd, s, len));
	close(fd);
}

static struct routes routes;

static void
check_way(const char *hops, const char *sender, const char *domain)
{
	struct routes_line found;

	if (hops == NULL) {
		ATF_CHECK_EQ(0, routes_find(&routes, sender, domain, &found));
		return;
	}
	ATF_REQUIRE_EQ_MSG(
	    1, routes_find(&routes, sender, domain, &found), "%s %s", sender, domain);
	ATF_CHECK_STREQ(hops, found.hops);
}

#define PUT(name, text) put("control/" name, text, strlen(text))

ATF_TC_WITHOUT_HEAD(a_sender_is_less_than_a_domain_and_more_than_all);
ATF_TC_BODY(a_sender_is_less_than_a_domain_and_more_than_all, tc)
{
	const char *file;

	mkdir("control", 0755);
	ATF_REQUIRE_EQ(0, routes_read(&routes, &file));
	check_way(NULL, "a@from.test", "to.test");
	PUT("smtproutes", "to.test:inside\n.below.test:below\n:smarthost\n");
	PUT("senderroutes", "@from.test:own\n");
	ATF_REQUIRE_EQ(0, routes_read(&routes, &file));
	check_way("inside", "a@from.test", "to.test");
	check_way("below", "a@from.test", "x.below.test");
	check_way("own", "a@from.test", "y.test");
	check_way("smarthost", "a@other.test", "y.test");
	check_way("smarthost", "", "y.test");
	ATF_REQUIRE_EQ(0, unlink("control/smtproutes"));
	ATF_REQUIRE_EQ(0, unlink("control/senderroutes"));
	ATF_REQUIRE_EQ(0, mkdir("control/senderroutes", 0755));
	ATF_CHECK_EQ(-1, routes_read(&routes, &file));
	ATF_CHECK_STREQ("senderroutes", file);
}

ATF_TC_WITHOUT_HEAD(lines_can_be_checked_beforehand);
ATF_TC_BODY(lines_can_be_checked_beforehand, tc)
{
	static const char *const good[] = {"a.test:host", ".a.test:host:25", ":host", ":",
	    "a.test:", "[192.0.2.1]:host", "[IPv6:2001:db8::1]:[2001:db8::2]:25",
	    "a.test:ho st", "a.test: a b", "a.test:fail no", "a.test:smtps://b"};
	static const char *const bad[] = {"", "a.test", "a.test host", "a test:host",
	    "[::1:host", "a:b:c", "a.test:b fail no", "a.test:b c:d:e"};
	static const char *const good_senders[] = {
	    "a@b.test:c", "@b.test:c", "@.b.test:c d", ":c", "\"x:y z\"@b.test:c"};
	static const char *const bad_senders[] = {"b.test:c", ".b.test:c", "a@b.test",
	    "\"a:c", "a b@c.test:d", "@b.test:c:d:e"};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ATF_CHECK_MSG(routes_is_domain_line(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ATF_CHECK_MSG(!routes_is_domain_line(bad[i]), "%s", bad[i]);
	for (size_t i = 0; i < sizeof(good_senders) / sizeof(*good_senders); i++)
		ATF_CHECK_MSG(
		    routes_is_sender_line(good_senders[i]), "%s", good_senders[i]);
	for (size_t i = 0; i < sizeof(bad_senders) / sizeof(*bad_senders); i++)
		ATF_CHECK_MSG(
		    !routes_is_sender_line(bad_senders[i]), "%s", bad_senders[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_closest_line_counts);
	ATF_TP_ADD_TC(tp, a_sender_has_a_line_too);
	ATF_TP_ADD_TC(tp, a_sender_is_less_than_a_domain_and_more_than_all);
	ATF_TP_ADD_TC(tp, lines_can_be_checked_beforehand);
	return atf_no_error();
}
