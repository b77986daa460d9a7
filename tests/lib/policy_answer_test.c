#include <string.h>

#include <atf-c.h>

#include "lib/policy_answer.h"

static const struct {
	const char *answer;
	char letter; /* 0: nonsense */
} examples[] = {
    {"K", 'K'},
    {"KX-Spam: no", 'K'},
    {"KX-Spam:", 'K'},
    {"KX-Spam:\tno", 'K'},
    {"Z451 4.7.1 later", 'Z'},
    {"Z421 4.7.0 go away", 'Z'},
    {"D550 5.7.1 no", 'D'},
    {"D550 5.7.100 no", 'D'},
    {"", 0},
    {"k", 0},
    {"OK", 0},
    {"K no field", 0},
    {"K: no name", 0},
    {"KX Y: blank in the name", 0},
    {"KX-Spam: \001", 0},
    {"K\r", 0},
    {"Z", 0},
    {"Z550 5.7.1 wrong class", 0},
    {"Z451 5.7.1 wrong class", 0},
    {"D451 4.7.1 wrong class", 0},
    {"D250 2.0.0 ok", 0},
    {"D550 no status", 0},
    {"D550 5.7 short status", 0},
    {"D550 5.7.1", 0},
    {"D550 5.7.1 ", 0},
    {"D55 5.7.1 x", 0},
    {"D550 5.7777.1 x", 0},
    {"D550 5..1 x", 0},
    {"D550 5.7.1 bell\007", 0},
};

ATF_TC_WITHOUT_HEAD(only_what_the_protocol_knows_is_an_answer);
ATF_TC_BODY(only_what_the_protocol_knows_is_an_answer, tc)
{
	size_t i;

	for (i = 0; i < sizeof examples / sizeof *examples; i++)
		ATF_CHECK_EQ_MSG(examples[i].letter,
		    policy_answer_judge(examples[i].answer, strlen(examples[i].answer)),
		    "%s", examples[i].answer);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, only_what_the_protocol_knows_is_an_answer);
	return atf_no_error();
}
