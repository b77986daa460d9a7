#include <unistd.h>

#include <atf-c.h>

#include "lib/glibc_print.h"

ATF_TC_WITHOUT_HEAD(writes_to_descriptor_2);
ATF_TC_BODY(writes_to_descriptor_2, tc)
{
	char buf[32] = "";
	int pipe_of[2], kept = dup(2), r;

	ATF_REQUIRE(kept != -1 && pipe(pipe_of) == 0 && dup2(pipe_of[1], 2) == 2);
	r = glibc_print(NULL, 1, "last words %s\n", "x");
	dup2(kept, 2);
	ATF_CHECK_EQ(14, r);
	ATF_CHECK_EQ(14, read(pipe_of[0], buf, sizeof buf - 1));
	ATF_CHECK_STREQ("last words %s\n", buf);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, writes_to_descriptor_2);
	return atf_no_error();
}
