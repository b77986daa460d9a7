#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/relay_refusal.h"

static stralloc out;
static const char *file;

static void
put(const char *path, const char *s)
{
	int fd;

	mkdir("control", 0755);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

static int
find(const char *sender, const char *domain)
{
	out.len = 0;
	return relay_refusal_find(sender, domain, strlen(domain), &out, &file);
}

ATF_TC_WITHOUT_HEAD(a_refusal_is_an_answer);
ATF_TC_BODY(a_refusal_is_an_answer, tc)
{
	char line[1100] = "long.test:fail ";

	ATF_CHECK_EQ(0, find("", "a.test"));
	put("control/smtproutes",
	    "a.test:fail 5.1.6 moved\303\244\033\nb.test:c.test\nbad.test:x:y\n");
	put("control/senderroutes", "@from.test:fail\n");
	ATF_CHECK_EQ(1, find("", "a.test"));
	ATF_CHECK_EQ(0, memcmp("D550 5.1.6 moved\303\244 ", out.s, out.len));
	ATF_CHECK_EQ(1, find("x@from.test", "y.test"));
	ATF_CHECK_EQ(0, find("x@from.test", "b.test"));
	/* the queue waits for the admin */
	ATF_CHECK_EQ(0, find("", "bad.test"));
	ATF_CHECK_EQ(0, out.len);
	memset(line + 15, 'x', 1000);
	put("control/smtproutes", line);
	ATF_CHECK_EQ(1, find("", "long.test"));
	ATF_CHECK_MSG(out.len < 500, "%zu", out.len);
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_read_is_named);
ATF_TC_BODY(what_can_not_be_read_is_named, tc)
{
	mkdir("control", 0755);
	ATF_REQUIRE_EQ(0, mkdir("control/senderroutes", 0755));
	ATF_CHECK_EQ(-1, find("", "a.test"));
	ATF_CHECK_STREQ("senderroutes", file);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_refusal_is_an_answer);
	ATF_TP_ADD_TC(tp, what_can_not_be_read_is_named);
	return atf_no_error();
}
