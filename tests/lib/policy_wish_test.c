#include <string.h>

#include <atf-c.h>

#include "lib/policy_wish.h"

ATF_TC_WITHOUT_HEAD(verbs_that_are_wished_are_known);
ATF_TC_BODY(verbs_that_are_wished_are_known, tc)
{
	static const struct {
		const char *answer;
		int verbs;
	} cases[] = {{"K", -1}, {"", -1}, {"Kask size", -1}, {"Kaskssize", -1},
	    {"KX-Asks: size", -1}, {"Z451 4.3.0 asks", -1}, {"Kasks", 0}, {"Kasks ", 0},
	    {"Kasks mail rcpt", 0}, {"Kasks size", POLICY_WISH_SIZE},
	    {"Kasks  size  ", POLICY_WISH_SIZE}, {"Kasks sizes SIZE siz", 0},
	    {"Kasks helo data size done", POLICY_WISH_ALL},
	    {"Kasks done what helo", POLICY_WISH_DONE | POLICY_WISH_HELO}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_EQ_MSG(cases[i].verbs,
		    policy_wish_take(cases[i].answer, strlen(cases[i].answer)), "%s",
		    cases[i].answer);
}

ATF_TC_WITHOUT_HEAD(room_is_a_number);
ATF_TC_BODY(room_is_a_number, tc)
{
	static const char *const others[] = {"K", "Kroom", "Kroom=", "Kroom=x",
	    "Kroom=-1", "Kroom=1 2", "Kroom=18446744073709551616", "KRoom: 1", "Zroom=1"};
	unsigned long long room;
	size_t i;

	ATF_CHECK(policy_wish_room("Kroom=0", 7, &room) && room == 0);
	ATF_CHECK(policy_wish_room("Kroom=65536", 11, &room) && room == 65536);
	ATF_CHECK(
	    policy_wish_room("Kroom=18446744073709551615", 26, &room) && room == -1ULL);
	for (i = 0; i < sizeof others / sizeof *others; i++)
		ATF_CHECK_EQ_MSG(0, policy_wish_room(others[i], strlen(others[i]), &room),
		    "%s", others[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, verbs_that_are_wished_are_known);
	ATF_TP_ADD_TC(tp, room_is_a_number);
	return atf_no_error();
}
