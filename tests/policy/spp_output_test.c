#include <string.h>

#include <atf-c.h>

#include "policy/spp_output.h"

static const struct {
	const char *line;
	enum spp_command command;
	const char *text;
} lines[] = {
    {"A", SPP_ACCEPT_ALL, ""},
    {"N", SPP_NEXT, ""},
    {"O", SPP_NEXT, ""},
    {"E550 no", SPP_ERROR, "550 no"},
    {"LM451 later", SPP_ERROR_MAIL, "451 later"},
    {"LR550", SPP_ERROR_RCPT, "550"},
    {"LD", SPP_ERROR_DATA, ""},
    {"R550 no", SPP_REJECT, "550 no"},
    {"D421 bye", SPP_DROP, "421 bye"},
    {"SNAME=a=b", SPP_SET, "NAME=a=b"},
    {"SNAME=", SPP_SET, "NAME="},
    {"S=value", SPP_SENSELESS, NULL},
    {"SNAME", SPP_SENSELESS, NULL},
    {"S", SPP_SENSELESS, NULL},
    {"UNAME", SPP_UNSET, "NAME"},
    {"UNAME=value", SPP_SENSELESS, NULL},
    {"U", SPP_SENSELESS, NULL},
    {"HX-Seen: yes", SPP_HEADER, "X-Seen: yes"},
    {"HX-Seen", SPP_SENSELESS, NULL},
    {"H: yes", SPP_SENSELESS, NULL},
    {"HX Seen: yes", SPP_SENSELESS, NULL},
    {"HX-Seen: \x1b[2J", SPP_SENSELESS, NULL},
    {"H", SPP_SENSELESS, NULL},
    {"Cb@x.test", SPP_CHANGE, "b@x.test"},
    {"Phello", SPP_PRINT, "hello"},
    {"", SPP_SENSELESS, NULL},
    {"L", SPP_SENSELESS, NULL},
    {"LX", SPP_SENSELESS, NULL},
    {"lm", SPP_SENSELESS, NULL},
    {"?", SPP_SENSELESS, NULL},
};

ATF_TC_WITHOUT_HEAD(lines_are_commands);
ATF_TC_BODY(lines_are_commands, tc)
{
	size_t i, text;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		ATF_CHECK_EQ_MSG(lines[i].command,
		    spp_output_scan(lines[i].line, strlen(lines[i].line), &text), "%s",
		    lines[i].line);
		if (lines[i].text != NULL)
			ATF_CHECK_STREQ(lines[i].text, lines[i].line + text);
	}
	ATF_CHECK_EQ(SPP_SENSELESS, spp_output_scan("SA=b\0c", 6, &text));
	ATF_CHECK_EQ(SPP_SENSELESS, spp_output_scan("UA\0B", 4, &text));
	ATF_CHECK_EQ(SPP_SENSELESS, spp_output_scan("HA: b\nB: c", 10, &text));
}

static const struct {
	const char *message;
	const char *answer;
} refusals[] = {
    {"550 5.1.1 go away", "D550 5.1.1 go away"},
    {"451 4.7.1 later", "Z451 4.7.1 later"},
    {"550 go away", "D550 5.7.1 go away"},
    {"450 later", "Z450 4.7.1 later"},
    {"550", "D550 5.7.1 refused by a plugin"},
    {"550 ", "D550 5.7.1 refused by a plugin"},
    /* a status of another class is text */
    {"550 4.7.1 later", "D550 5.7.1 4.7.1 later"},
    {"go away", "Z451 4.7.1 go away"},
    {"", "Z451 4.7.1 refused by a plugin"},
    {"250 fine", "Z451 4.7.1 250 fine"},
    {"5500 no", "Z451 4.7.1 5500 no"},
    {"55", "Z451 4.7.1 55"},
    {"550 5.1.1 a\x1b[2Jb", "D550 5.1.1 a [2Jb"},
};

ATF_TC_WITHOUT_HEAD(refusals_have_code_status_and_text);
ATF_TC_BODY(refusals_have_code_status_and_text, tc)
{
	stralloc sa = {0};
	char many[3000];
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		sa.len = 0;
		spp_output_refuse(&sa, refusals[i].message, strlen(refusals[i].message));
		ATF_REQUIRE(stralloc_0(&sa));
		ATF_CHECK_STREQ(refusals[i].answer, sa.s);
	}
	memset(many, 'x', sizeof(many));
	sa.len = 0;
	spp_output_refuse(&sa, many, sizeof(many));
	ATF_CHECK(sa.len < 1000);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_commands);
	ATF_TP_ADD_TC(tp, refusals_have_code_status_and_text);
	return atf_no_error();
}
