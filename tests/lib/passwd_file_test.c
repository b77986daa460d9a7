#include <atf-c.h>
#include <string.h>

#include "lib/passwd_file.h"

ATF_TC_WITHOUT_HEAD(a_line_is_his_or_not);
ATF_TC_BODY(a_line_is_his_or_not, tc)
{
	static const char *const others[] = {"", "a", "a:x:7", "a:x:7:7", "a:x:7:7:A",
	    "a:x:77:7:A:/:/", "a:x::7:A:/:/", ":x:7:7:A:/:/", "a@b:x:7:7:A:/:/",
	    "a b:x:7:7:A:/:/", "a:x:7a:7:A:/:/", "a:x:-7:7:A:/:/",
	    "+::::::", "a:x:4294967303:7:A:/:/"};
	stralloc name = {0}, comment = {0};
	size_t i;

	for (i = 0; i < sizeof others / sizeof *others; i++)
		ATF_CHECK_EQ(0, passwd_file_line(others[i], 7, &name, &comment));
	ATF_CHECK_EQ(1,
	    passwd_file_line("ann:x:7:8:Ann B,,1:/home/a:/bin/sh", 7, &name, &comment));
	ATF_CHECK_STREQ("ann", name.s);
	ATF_CHECK_STREQ("Ann B,,1", comment.s);
	ATF_CHECK_EQ(1, passwd_file_line("bob:x:7:8::", 7, &name, &comment));
	ATF_CHECK_STREQ("bob", name.s);
	ATF_CHECK_STREQ("", comment.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_is_his_or_not);
	return atf_no_error();
}
