#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include <atf-c.h>

#include "policy/spp_plugins.h"

/* The plugins of an event with '|' behind each. */
static const char *
shown(const struct spp_plugins *plugins, enum spp_event event)
{
	static char s[200];
	size_t i, len = plugins->list[event].len;

	memcpy(s, plugins->list[event].s != NULL ? plugins->list[event].s : "", len);
	for (i = 0; i < len; i++)
		if (s[i] == '\0')
			s[i] = '|';
	s[len] = '\0';
	return s;
}

static int
read_lines(struct spp_plugins *plugins, const char *lines, size_t len)
{
	memset(plugins, 0, sizeof(*plugins));
	return spp_plugins_read(plugins, lines, len);
}

#define READ(plugins, lines) read_lines(plugins, lines, sizeof(lines) - 1)

ATF_TC_WITHOUT_HEAD(sections_say_when_plugins_run);
ATF_TC_BODY(sections_say_when_plugins_run, tc)
{
	struct spp_plugins plugins;

	ATF_REQUIRE_EQ(0, READ(&plugins, "[connection]\0one\0[rcpt]\0two\0:three x\0"
					 "[auth]\0lost\0[helo]\0[connection]\0four\0"));
	ATF_CHECK_STREQ("one|four|", shown(&plugins, SPP_CONNECTION));
	ATF_CHECK_STREQ("two|:three x|", shown(&plugins, SPP_RCPT));
	ATF_CHECK_STREQ("", shown(&plugins, SPP_HELO));
	ATF_CHECK_STREQ("", shown(&plugins, SPP_MAIL));
	ATF_CHECK_STREQ("", shown(&plugins, SPP_DATA));
	ATF_CHECK_EQ(0, READ(&plugins, ""));
	ATF_CHECK_EQ(-1, READ(&plugins, "one\0[rcpt]\0"));
}

ATF_TC_WITHOUT_HEAD(options_name_their_event);
ATF_TC_BODY(options_name_their_event, tc)
{
	static const char *const bad[] = {
	    "", "rcpt", "rcpt=", "=one", "auth=one", "RCPT=one", "rcptx=one", "rcp=one"};
	struct spp_plugins plugins = {0};
	size_t i;

	ATF_CHECK_EQ(0, spp_plugins_add(&plugins, "rcpt=one"));
	ATF_CHECK_EQ(0, spp_plugins_add(&plugins, "rcpt=:two a=b"));
	ATF_CHECK_STREQ("one|:two a=b|", shown(&plugins, SPP_RCPT));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ATF_CHECK_EQ_MSG(-1, spp_plugins_add(&plugins, bad[i]), "%s", bad[i]);
	ATF_CHECK_STREQ("one|:two a=b|", shown(&plugins, SPP_RCPT));
}

ATF_TC_WITHOUT_HEAD(a_colon_makes_a_command);
ATF_TC_BODY(a_colon_makes_a_command, tc)
{
	stralloc output = {0};
	int status;

	status = spp_plugins_run(":echo E; exit 3", &output, 60);
	ATF_REQUIRE(status != -1);
	ATF_CHECK_EQ(3, WEXITSTATUS(status));
	ATF_CHECK_STREQ("E\n", output.s);
	/* without it there are no arguments */
	ATF_CHECK_EQ(-1, spp_plugins_run("echo E", &output, 60));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(-1, spp_plugins_run(":yes", &output, 60));
	ATF_CHECK_EQ(EFBIG, errno);
	/* one that says no more, and goes on */
	ATF_CHECK_EQ(-1, spp_plugins_run(":exec sleep 1000 >&-", &output, 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sections_say_when_plugins_run);
	ATF_TP_ADD_TC(tp, options_name_their_event);
	ATF_TP_ADD_TC(tp, a_colon_makes_a_command);
	return atf_no_error();
}
