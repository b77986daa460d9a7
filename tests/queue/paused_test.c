#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/paused.h"

static void
write_paused(const char *text)
{
	FILE *file;

	mkdir("control", 0700);
	file = fopen("control/paused.tmp", "w");
	ATF_REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
	ATF_REQUIRE_EQ(0, rename("control/paused.tmp", "control/paused"));
}

ATF_TC_WITHOUT_HEAD(domains_and_channels_are_read);
ATF_TC_BODY(domains_and_channels_are_read, tc)
{
	struct paused p = {0}, none = {0};

	write_paused("# the admin's\nFar.Test\nlocal\n");
	ATF_REQUIRE_EQ(0, paused_read(&p));
	ATF_CHECK(paused_has(&p, ROUTE_REMOTE, "far.test"));
	ATF_CHECK(!paused_has(&p, ROUTE_REMOTE, "other.test"));
	ATF_CHECK(paused_has(&p, ROUTE_LOCAL, "other.test"));
	ATF_CHECK(paused_names(&p, "far.test"));
	ATF_CHECK(!paused_names(&p, "other.test"));
	ATF_CHECK(paused_exceeds(&p, &none));
	ATF_CHECK(!paused_exceeds(&none, &p));
	ATF_CHECK(!paused_exceeds(&p, &p));
	/* nothing of a list that can't be understood is taken */
	write_paused("good.test\nno domain\n");
	ATF_CHECK_EQ(-1, paused_read(&p));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_CHECK(paused_names(&p, "far.test"));
	ATF_REQUIRE_EQ(0, unlink("control/paused"));
	ATF_CHECK_EQ(0, paused_read(&p));
	ATF_CHECK(!paused_has(&p, ROUTE_LOCAL, "far.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, domains_and_channels_are_read);
	return atf_no_error();
}
