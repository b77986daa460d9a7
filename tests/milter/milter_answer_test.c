#include <string.h>

#include <atf-c.h>

#include "milter/milter_answer.h"
#include "milter/milter_packet.h"

static stralloc reply;

/* The reply that is made of a milter's, or "" when that is none. */
static const char *
reply_of(const char *s)
{
	int verdict = milter_answer_judge(MILTER_REPLY, s, strlen(s) + 1, &reply);

	return verdict == MILTER_VERDICT_REFUSED ? reply.s : "";
}

ATF_TC_WITHOUT_HEAD(answers_are_verdicts);
ATF_TC_BODY(answers_are_verdicts, tc)
{
	ATF_CHECK_EQ(MILTER_VERDICT_NONE, milter_answer_judge('c', NULL, 0, &reply));
	ATF_CHECK_EQ(MILTER_VERDICT_NONE, milter_answer_judge('s', NULL, 0, &reply));
	ATF_CHECK_EQ(MILTER_VERDICT_ACCEPTED, milter_answer_judge('a', NULL, 0, &reply));
	ATF_CHECK_EQ(MILTER_VERDICT_DISCARDED, milter_answer_judge('d', NULL, 0, &reply));
	ATF_CHECK_EQ(MILTER_VERDICT_REFUSED, milter_answer_judge('r', NULL, 0, &reply));
	ATF_CHECK_STREQ("550 5.7.1 Command rejected", reply.s);
	ATF_CHECK_EQ(MILTER_VERDICT_REFUSED, milter_answer_judge('t', NULL, 0, &reply));
	ATF_CHECK_EQ('4', reply.s[0]);
	ATF_CHECK_EQ(MILTER_VERDICT_REFUSED, milter_answer_judge('4', NULL, 0, &reply));
	ATF_CHECK_EQ(0, memcmp(reply.s, "421", 3));
	ATF_CHECK_EQ(-1, milter_answer_judge('x', NULL, 0, &reply));
	ATF_CHECK_EQ(-1, milter_answer_judge('\0', NULL, 0, &reply));
	ATF_CHECK_EQ(-1, milter_answer_judge('y', "", 0, &reply));
}

ATF_TC_WITHOUT_HEAD(a_reply_is_one_line_with_a_status);
ATF_TC_BODY(a_reply_is_one_line_with_a_status, tc)
{
	static const char *const cases[][2] = {{"550 5.7.1 no", "550 5.7.1 no"},
	    {"550 no", "550 5.7.1 no"}, {"451 later", "451 4.7.1 later"},
	    {"451-4.7.2 a\r\n451 4.7.2 b", "451 4.7.2 a b"},
	    {"550-a\nb\n550 5.1.1 c", "550 5.7.1 a b c"},
	    {"550 4.7.1 no", "550 5.7.1 4.7.1 no"}, {"550 ", "550 5.7.1 refused"},
	    {"550 5.7.1", "550 5.7.1 refused"}, {"550 100%%", "550 5.7.1 100%"},
	    {"550 a%", "550 5.7.1 a"}, {"550 a\xff\x01z", "550 5.7.1 a  z"}, {"550", ""},
	    {"250 2.0.0 ok", ""}, {"5x0 no", ""}, {"550:no", ""}, {"", ""}};
	char longer[1000];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], reply_of(cases[i][0]));
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	memcpy(longer, "550 ", 4);
	ATF_CHECK_EQ(410, strlen(reply_of(longer)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, answers_are_verdicts);
	ATF_TP_ADD_TC(tp, a_reply_is_one_line_with_a_status);
	return atf_no_error();
}
