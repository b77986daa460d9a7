#include <string.h>

#include <atf-c.h>

#include "lib/mailbox_owner.h"

static const struct {
	const char *s;
	size_t len;
	unsigned long long uid, gid;
} cases[] = {
    {"1000:1001", 9, 1000, 1001},
    {"0:0", 3, 0, 0},
    {"1000:1001:", 9, 1000, 1001},
    {"1000:1001:5M", 9, 1000, 1001},
    {"1:2:3:4", 3, 1, 2},
    {"4294967294:4294967294", 21, 4294967294, 4294967294},
    /* -1 is nobody to chown(2) */
    {"4294967295:1", 0, 0, 0},
    {"1:4294967295", 0, 0, 0},
    {"18446744073709551617:1", 0, 0, 0},
    {"", 0, 0, 0},
    {"1000", 0, 0, 0},
    {":", 0, 0, 0},
    {"1000:", 0, 0, 0},
    {":1000", 0, 0, 0},
    {"1000::5", 0, 0, 0},
    {"-1:1", 0, 0, 0},
    {"1:+1", 0, 0, 0},
    {"1 :1", 0, 0, 0},
    {"1: 1", 0, 0, 0},
    {"1:1 ", 0, 0, 0},
    {"joe:users", 0, 0, 0},
    {"0x10:1", 0, 0, 0},
};

ATF_TC_WITHOUT_HEAD(an_owner_is_two_numbers);
ATF_TC_BODY(an_owner_is_two_numbers, tc)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uid_t uid = 7;
		gid_t gid = 8;

		ATF_CHECK_EQ_MSG(cases[i].len,
		    mailbox_owner_scan(cases[i].s, strlen(cases[i].s), &uid, &gid), "%s",
		    cases[i].s);
		ATF_CHECK_EQ_MSG(
		    cases[i].len > 0 ? cases[i].uid : 7, uid, "%s", cases[i].s);
		ATF_CHECK_EQ_MSG(
		    cases[i].len > 0 ? cases[i].gid : 8, gid, "%s", cases[i].s);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_owner_is_two_numbers);
	return atf_no_error();
}
