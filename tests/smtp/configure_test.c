#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "smtp/configure.h"

static struct session session;
static struct configure_times times;

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

static int
configure(void)
{
	memset(&session, 0, sizeof(session));
	memset(&times, 0, sizeof(times));
	return configure_read(&session, &times);
}

ATF_TC_WITHOUT_HEAD(what_is_not_said_has_a_default);
ATF_TC_BODY(what_is_not_said_has_a_default, tc)
{
	unsetenv("DATABYTES");
	unsetenv("TCPREMOTEIP");
	unsetenv("PROXY_LOCAL");
	put("me", "mx.x.test\n");
	ATF_REQUIRE_EQ(0, configure());
	ATF_CHECK_STREQ("mx.x.test", session.me.s);
	ATF_CHECK_EQ(300, times.step);
	ATF_CHECK_EQ(7200, times.whole);
	ATF_CHECK(times.stranger > 0);
	ATF_CHECK_EQ(0, session.databytes);
	ATF_CHECK_EQ(1048576, session.headermax);
	ATF_CHECK_EQ(16777216, session.queuereserve);
	ATF_CHECK_EQ(0, session.hides_client);
	ATF_CHECK_EQ(0, session.is_silent);
	ATF_CHECK_STREQ("unknown", session.client);
}

ATF_TC_WITHOUT_HEAD(files_and_environment_are_taken);
ATF_TC_BODY(files_and_environment_are_taken, tc)
{
	put("me", "mx.x.test\n");
	put("timeoutsmtpd", "2m\n");
	put("timeoutsession", "604800\n");
	put("databytes", "10M\n");
	put("hideclient", "1\n");
	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	setenv("PROXY_LOCAL", "1", 1);
	ATF_REQUIRE_EQ(0, configure());
	ATF_CHECK_EQ(120, times.step);
	ATF_CHECK_EQ(604800, times.whole);
	ATF_CHECK_EQ(10 * 1024 * 1024, session.databytes);
	ATF_CHECK_EQ(1, session.hides_client);
	ATF_CHECK_EQ(1, session.is_silent);
	ATF_CHECK_STREQ("192.0.2.1", session.client);
	setenv("DATABYTES", "0", 1);
	ATF_REQUIRE_EQ(0, configure());
	ATF_CHECK_EQ(0, session.databytes);
	setenv("DATABYTES", "18446744073709551615", 1);
	ATF_REQUIRE_EQ(0, configure());
	ATF_CHECK_EQ(-1ULL, session.databytes);
}

/* A limit that can't be understood is none that may be left out. */
ATF_TC_WITHOUT_HEAD(nonsense_is_not_now);
ATF_TC_BODY(nonsense_is_not_now, tc)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
	    {"me", ""},
	    {"me", "a b\n"},
	    {"me", "mx_1.x.test\n"},
	    {"timeoutsmtpd", "0\n"},
	    {"timeoutsmtpd", "86401\n"},
	    {"timeoutsmtpd", "soon\n"},
	    {"timeoutsession", "0\n"},
	    {"timeoutsession", "604801\n"},
	    {"timeoutstranger", "0\n"},
	    {"databytes", "-1\n"},
	    {"databytes", "many\n"},
	    {"headermax", "x\n"},
	    {"queuereserve", "x\n"},
	    {"hideclient", "yes\n"},
	};
	static const char *const environment[] = {"", "many", "-1", "10M", " 1"};
	char path[100];
	size_t i;

	unsetenv("DATABYTES");
	ATF_CHECK_EQ(-1, configure());
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("me", "mx.x.test\n");
		put(cases[i].name, cases[i].text);
		ATF_CHECK_EQ_MSG(-1, configure(), "%s: %s", cases[i].name, cases[i].text);
		snprintf(path, sizeof(path), "control/%s", cases[i].name);
		ATF_REQUIRE_EQ(0, unlink(path));
	}
	put("me", "mx.x.test\n");
	ATF_CHECK_EQ(0, configure());
	for (i = 0; i < sizeof(environment) / sizeof(*environment); i++) {
		setenv("DATABYTES", environment[i], 1);
		ATF_CHECK_EQ_MSG(-1, configure(), "%s", environment[i]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_not_said_has_a_default);
	ATF_TP_ADD_TC(tp, files_and_environment_are_taken);
	ATF_TP_ADD_TC(tp, nonsense_is_not_now);
	return atf_no_error();
}
