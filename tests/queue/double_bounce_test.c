#include <stdio.h>
#include <sys/stat.h>

#include <atf-c.h>
#include <errmsg.h>
#include <stralloc.h>

#include "queue/double_bounce.h"

static void
set(const char *name, const char *value)
{
	FILE *file;

	mkdir("control", 0700);
	file = fopen(name, "w");
	ATF_REQUIRE(file != NULL);
	fprintf(file, "%s\n", value);
	fclose(file);
}

static const char *
who(void)
{
	static stralloc to;

	ATF_REQUIRE_EQ(0, double_bounce_to(&to));
	return to.s;
}

ATF_TC_WITHOUT_HEAD(they_go_to_postmaster_unless_told_otherwise);
ATF_TC_BODY(they_go_to_postmaster_unless_told_otherwise, tc)
{
	errmsg_iam("x");
	ATF_CHECK_STREQ("postmaster@localhost", who());
	set("control/me", "mx.example.test");
	ATF_CHECK_STREQ("postmaster@mx.example.test", who());
	set("control/defaultdomain", "example.test");
	ATF_CHECK_STREQ("postmaster@example.test", who());
	set("control/doublebounceto", "admin");
	ATF_CHECK_STREQ("admin@example.test", who());
	set("control/doublebounceto", "admin@other.test");
	ATF_CHECK_STREQ("admin@other.test", who());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_go_to_postmaster_unless_told_otherwise);
	return atf_no_error();
}
