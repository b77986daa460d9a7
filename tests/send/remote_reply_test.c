#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "send/remote_reply.h"

static const struct {
	const char *bytes;
	ssize_t takes; /* -1: malformed, 0: more is needed */
	int code;
	const char *status;
	const char *text;
} cases[] = {
    {"250 ok\r\n", 8, 250, "", "250 ok"},
    {"250 ok\n", 7, 250, "", "250 ok"},
    {"250\r\n", 5, 250, "", "250"},
    {"250 \r\n", 6, 250, "", "250"},
    {"250 ok\r\n354 next\r\n", 8, 250, "", "250 ok"},
    {"250-a\r\n250-b\r\n250 c\r\n", 21, 250, "", "250 a b c"},
    {"250-\r\n250\r\n", 11, 250, "", "250"},
    {"550 5.1.1 no such user\r\n", 24, 550, "5.1.1", "550 5.1.1 no such user"},
    {"550 5.1.1\r\n", 11, 550, "5.1.1", "550 5.1.1"},
    {"550-5.1.1 no\r\n550 5.1.1 user\r\n", 30, 550, "5.1.1", "550 5.1.1 no user"},
    {"550-5.1.1 no\r\n550 5.1.2 user\r\n", 30, 550, "5.1.1", "550 5.1.1 no 5.1.2 user"},
    {"554 5.123.456 x\r\n", 17, 554, "5.123.456", "554 5.123.456 x"},
    {"550 4.1.1 x\r\n", 13, 550, "", "550 4.1.1 x"},
    {"550 5.1234.1 x\r\n", 16, 550, "", "550 5.1234.1 x"},
    {"550 5.1.1.1 x\r\n", 15, 550, "", "550 5.1.1.1 x"},
    {"550 5.1 x\r\n", 11, 550, "", "550 5.1 x"},
    {"550 5..1 x\r\n", 12, 550, "", "550 5..1 x"},
    {"354 3.0.0 x\r\n", 13, 354, "", "354 3.0.0 x"},
    {"250 a\tb\x1b\r\n", 10, 250, "", "250 a b "},
    {"", 0, 0, "", ""},
    {"25", 0, 0, "", ""},
    {"250 ok\r", 0, 0, "", ""},
    {"250-ok\r\n", 0, 250, "", "250 ok"},
    {"250-ok\r\n250", 0, 250, "", "250 ok"},
    {"\r\n", -1, 0, "", ""},
    {"25\r\n", -1, 0, "", "25"},
    {"2500 x\r\n", -1, 0, "", "2500 x"},
    {"25x ok\r\n", -1, 0, "", "25x ok"},
    {"150 ok\r\n", -1, 0, "", "150 ok"},
    {"650 ok\r\n", -1, 0, "", "650 ok"},
    {"hello\r\n", -1, 0, "", "hello"},
    {"250-a\r\n251 b\r\n", -1, 250, "", "250 a 251 b"},
    {"250-a\r\njunk\r\n", -1, 250, "", "250 a junk"},
};

ATF_TC_WITHOUT_HEAD(replies_are_taken_apart);
ATF_TC_BODY(replies_are_taken_apart, tc)
{
	struct remote_reply reply;
	const char *s;
	char *copy;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = cases[i].bytes;
		copy = malloc(strlen(s) + 1);
		memcpy(copy, s, strlen(s));
		ATF_CHECK_EQ_MSG(
		    cases[i].takes, remote_reply_parse(&reply, copy, strlen(s)), "%s", s);
		ATF_CHECK_EQ_MSG(cases[i].code, reply.code, "%s", s);
		ATF_CHECK_STREQ_MSG(cases[i].status, reply.status, "%s", s);
		ATF_CHECK_STREQ_MSG(cases[i].text, reply.text, "%s", s);
		free(copy);
	}
}

ATF_TC_WITHOUT_HEAD(the_text_has_a_limit);
ATF_TC_BODY(the_text_has_a_limit, tc)
{
	struct remote_reply reply;
	char s[3000] = "250-";

	memset(s + 4, 'x', sizeof(s) - 4);
	memcpy(s + 1500, "\r\n250 ", 6);
	memcpy(s + sizeof(s) - 2, "\r\n", 2);
	ATF_CHECK_EQ(sizeof(s), remote_reply_parse(&reply, s, sizeof(s)));
	ATF_CHECK_EQ(REMOTE_REPLY_TEXT_MAX, strlen(reply.text));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, replies_are_taken_apart);
	ATF_TP_ADD_TC(tp, the_text_has_a_limit);
	return atf_no_error();
}
