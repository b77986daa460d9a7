#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "way/way_settings.h"

static struct way_settings s;

static void
put(const char *name, const char *text)
{
	char path[100];
	int fd;

	mkdir("control", 0755);
	snprintf(path, sizeof(path), "control/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(what_is_read_anew_replaces_what_was);
ATF_TC_BODY(what_is_read_anew_replaces_what_was, tc)
{
	put("me", "mx.x.test\n");
	put("smtproutes", "a.test:b.test\n# no\n:c.test:26\n");
	put("senderroutes", "@a.test:d\n");
	put("bindaddresses", "* 192.0.2.1\n");
	put("ipfamilies", "ipv6\n");
	put("resolvers", "127.0.0.1\n");
	put("mxport", "2525\n");
	ATF_REQUIRE(way_settings_read(&s) == NULL);
	ATF_CHECK_EQ(
	    sizeof("a.test:b.test") + sizeof(":c.test:26"), s.routes.by_domain.len);
	ATF_CHECK_EQ(sizeof("@a.test:d"), s.routes.by_sender.len);
	ATF_CHECK_EQ(sizeof("* 192.0.2.1"), s.bind.len);
	ATF_CHECK(!s.families.has_ip4);
	ATF_CHECK_STREQ("127.0.0.1", s.resolvers.s);
	ATF_CHECK_EQ(2525, s.port);
	put("smtproutes", "");
	put("senderroutes", "");
	put("bindaddresses", "");
	ATF_REQUIRE_EQ(0, unlink("control/ipfamilies"));
	put("me", "other.test\n");
	ATF_REQUIRE_EQ(0, unlink("control/mxport"));
	ATF_REQUIRE_EQ(0, unlink("control/resolvers"));
	ATF_REQUIRE(way_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("other.test", s.me.s);
	ATF_CHECK_EQ(0, s.routes.by_domain.len);
	ATF_CHECK_EQ(0, s.routes.by_sender.len);
	ATF_CHECK_EQ(0, s.bind.len);
	ATF_CHECK(s.families.has_ip4);
	ATF_CHECK_EQ(0, s.resolvers.len);
	ATF_CHECK_EQ(25, s.port);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_named);
ATF_TC_BODY(nonsense_is_named, tc)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
	    {"me", ""},
	    {"neverto", "nonsense\n"},
	    {"ipfamilies", "\n"},
	    {"ipfamilies", "ipv5\n"},
	    {"mxport", "0\n"},
	    {"mxport", "65536\n"},
	    {"mxport", "smtp\n"},
	};
	char path[100];
	const char *wrong;

	ATF_CHECK(way_settings_read(&s) != NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("me", "mx.x.test\n");
		put(cases[i].name, cases[i].text);
		wrong = way_settings_read(&s);
		ATF_REQUIRE_MSG(wrong != NULL, "%s: %s", cases[i].name, cases[i].text);
		snprintf(path, sizeof(path), "control/%s", cases[i].name);
		ATF_CHECK_MSG(strstr(wrong, path) != NULL, "%s: %s", path, wrong);
		ATF_REQUIRE_EQ(0, unlink(path));
	}
}

ATF_TC_WITHOUT_HEAD(the_name_said_is_of_the_address);
ATF_TC_BODY(the_name_said_is_of_the_address, tc)
{
	static const unsigned char ip[16] = {
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1};

	put("me", "mx.x.test\n");
	ATF_REQUIRE(way_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("mx.x.test", way_settings_helo(&s, ip));
	put("helohost", "out.x.test\n192.0.2.1 one.x.test\n");
	ATF_REQUIRE(way_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("one.x.test", way_settings_helo(&s, ip));
	ATF_CHECK_STREQ("out.x.test", way_settings_helo(&s, NULL));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_name_said_is_of_the_address);
	ATF_TP_ADD_TC(tp, what_is_read_anew_replaces_what_was);
	ATF_TP_ADD_TC(tp, nonsense_is_named);
	return atf_no_error();
}
