#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "send/send_settings.h"

static void
put(const char *name, const char *s)
{
	char path[100];
	int fd;

	mkdir("control", 0755);
	snprintf(path, sizeof(path), "control/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(what_is_not_said_has_a_default);
ATF_TC_BODY(what_is_not_said_has_a_default, tc)
{
	struct send_settings s = {0};

	put("me", "mx.x.test\n");
	ATF_REQUIRE(send_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("mx.x.test", s.way.me.s);
	ATF_CHECK_STREQ("mx.x.test", way_settings_helo(&s.way, NULL));
	ATF_CHECK_EQ(0, s.way.resolvers.len);
	ATF_CHECK_EQ(60, s.seconds_connect);
	ATF_CHECK_EQ(1200, s.seconds_remote);
	ATF_CHECK_EQ(25, s.way.port);
}

ATF_TC_WITHOUT_HEAD(what_is_read_anew_replaces_what_was);
ATF_TC_BODY(what_is_read_anew_replaces_what_was, tc)
{
	struct send_settings s = {0};

	put("me", "mx.x.test\n");
	put("helohost", "out.x.test\n");
	put("resolvers", "127.0.0.1\n");
	put("mxport", "2525\n");
	put("timeoutremote", "2h\n");
	ATF_REQUIRE(send_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("out.x.test", way_settings_helo(&s.way, NULL));
	ATF_CHECK_EQ(2525, s.way.port);
	ATF_CHECK_EQ(7200, s.seconds_remote);
	put("me", "other.test\n");
	ATF_REQUIRE_EQ(0, unlink("control/helohost"));
	ATF_REQUIRE_EQ(0, unlink("control/mxport"));
	ATF_REQUIRE(send_settings_read(&s) == NULL);
	ATF_CHECK_STREQ("other.test", way_settings_helo(&s.way, NULL));
	ATF_CHECK_EQ(25, s.way.port);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_named);
ATF_TC_BODY(nonsense_is_named, tc)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
	    {"me", ""},
	    {"neverto", "nonsense\n"},
	    {"timeoutconnect", "0\n"},
	    {"timeoutconnect", "86401\n"},
	    {"timeoutconnect", "soon\n"},
	    {"timeoutremote", "-1\n"},
	    {"timeoutremote", "0\n"},
	    {"mxport", "0\n"},
	    {"mxport", "65536\n"},
	    {"mxport", "smtp\n"},
	};
	struct send_settings s = {0};
	char path[100];
	const char *wrong;
	size_t i;

	ATF_CHECK(send_settings_read(&s) != NULL);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("me", "mx.x.test\n");
		put(cases[i].name, cases[i].text);
		wrong = send_settings_read(&s);
		ATF_REQUIRE_MSG(wrong != NULL, "%s: %s", cases[i].name, cases[i].text);
		snprintf(path, sizeof(path), "control/%s", cases[i].name);
		ATF_CHECK_MSG(strstr(wrong, path) != NULL, "%s: %s", path, wrong);
		ATF_REQUIRE_EQ(0, unlink(path));
	}
	put("me", "mx.x.test\n");
	ATF_CHECK(send_settings_read(&s) == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_not_said_has_a_default);
	ATF_TP_ADD_TC(tp, what_is_read_anew_replaces_what_was);
	ATF_TP_ADD_TC(tp, nonsense_is_named);
	return atf_no_error();
}
