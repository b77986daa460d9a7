#include <atf-c.h>
#include <atf-c/utils.h>
#include <sys/stat.h>

#include "fetch/clear_password.h"

ATF_TC_WITHOUT_HEAD(this_machine_may);
ATF_TC_BODY(this_machine_may, tc)
{
	ATF_CHECK(clear_password_may("127.0.0.1"));
	ATF_CHECK(clear_password_may("127.9.8.7"));
	ATF_CHECK(clear_password_may("::1"));
	ATF_CHECK(clear_password_may("::ffff:127.0.0.1"));
}

ATF_TC_WITHOUT_HEAD(others_may_not);
ATF_TC_BODY(others_may_not, tc)
{
	ATF_CHECK(!clear_password_may(NULL));
	ATF_CHECK(!clear_password_may(""));
	ATF_CHECK(!clear_password_may("unknown"));
	ATF_CHECK(!clear_password_may("128.0.0.1"));
	ATF_CHECK(!clear_password_may("192.0.2.1"));
	ATF_CHECK(!clear_password_may("::2"));
}

ATF_TC_WITHOUT_HEAD(those_of_the_list_may);
ATF_TC_BODY(those_of_the_list_may, tc)
{
	ATF_REQUIRE(mkdir("control", 0755) == 0);
	atf_utils_create_file(
	    "control/clearclients", "%s", "# the office\n192.0.2.0/24\n");
	ATF_CHECK(clear_password_may("192.0.2.1"));
	ATF_CHECK(!clear_password_may("192.0.3.1"));
}

ATF_TC_WITHOUT_HEAD(a_list_that_can_not_be_read_lets_nobody);
ATF_TC_BODY(a_list_that_can_not_be_read_lets_nobody, tc)
{
	ATF_REQUIRE(mkdir("control", 0755) == 0);
	ATF_REQUIRE(mkdir("control/clearclients", 0755) == 0);
	ATF_CHECK(!clear_password_may("192.0.2.1"));
	ATF_CHECK(clear_password_may("::1"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, this_machine_may);
	ATF_TP_ADD_TC(tp, others_may_not);
	ATF_TP_ADD_TC(tp, those_of_the_list_may);
	ATF_TP_ADD_TC(tp, a_list_that_can_not_be_read_lets_nobody);
	return atf_no_error();
}
