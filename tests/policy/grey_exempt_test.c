#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/grey_exempt.h"

static void
put_lines(const char *s)
{
	int fd;

	mkdir("control", 0755);
	fd = open("control/greyexempt", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

static const struct {
	const char *lines, *sender, *recipient, *name;
	int has;
} cases[] = {
    {"from ann@x.test", "ann@x.test", "b@y.test", NULL, 1},
    {"from ann@x.test", "b@y.test", "ann@x.test", NULL, 0},
    {"from \t @x.test", "ann@x.test", "b@y.test", NULL, 1},
    {"from @x.test", "ann@a.x.test", "b@y.test", NULL, 0},
    {"from @.x.test", "ann@a.x.test", "b@y.test", NULL, 1},
    {"from *-bounces@x.test", "list-bounces@x.test", "b@y.test", NULL, 1},
    {"from *-bounces@x.test", "", "b@y.test", NULL, 0},
    {"to b@y.test", "ann@x.test", "b@y.test", NULL, 1},
    {"to b@y.test", "b@y.test", "c@y.test", NULL, 0},
    {"name mx.x.test", "", "b@y.test", "mx.x.test", 1},
    {"name mx.x.test", "", "b@y.test", "mx.x.test.evil.test", 0},
    {"name .x.test", "", "b@y.test", "mx.x.test", 1},
    {"name .x.test", "", "b@y.test", "x.test", 0},
    {"name .x.test", "", "b@y.test", "evilx.test", 0},
    {"name .x.test", "", "b@y.test", NULL, 0},
    {"# from ann@x.test", "ann@x.test", "b@y.test", NULL, 0},
    {"fromann@x.test", "ann@x.test", "b@y.test", NULL, 0},
    {"from", "ann@x.test", "b@y.test", "mx.x.test", 0},
    {"ann@x.test", "ann@x.test", "b@y.test", NULL, 0},
    {"FROM ann@x.test", "ann@x.test", "b@y.test", NULL, 0},
    {"", "ann@x.test", "b@y.test", "mx.x.test", 0},
    {"from z@x.test\nto z@y.test\nto b@y.test", "ann@x.test", "b@y.test", NULL, 1},
};

ATF_TC_WITHOUT_HEAD(each_line_speaks_of_one_of_three);
ATF_TC_BODY(each_line_speaks_of_one_of_three, tc)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_lines(cases[i].lines);
		ATF_CHECK_EQ_MSG(cases[i].has,
		    grey_exempt_has(cases[i].sender, cases[i].recipient, cases[i].name),
		    "case %zu: %s", i, cases[i].lines);
	}
}

ATF_TC_WITHOUT_HEAD(no_list_exempts_nobody);
ATF_TC_BODY(no_list_exempts_nobody, tc)
{
	ATF_CHECK_EQ(0, grey_exempt_has("a@x.test", "b@y.test", "mx.x.test"));
	ATF_REQUIRE_EQ(0, mkdir("control", 0755));
	ATF_REQUIRE_EQ(0, mkdir("control/greyexempt", 0755));
	ATF_CHECK_EQ(-1, grey_exempt_has("a@x.test", "b@y.test", "mx.x.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_line_speaks_of_one_of_three);
	ATF_TP_ADD_TC(tp, no_list_exempts_nobody);
	return atf_no_error();
}
