#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/fdpass.h"
#include "lib/tls_ask.h"

static int ends[2]; /* ours, and that of tls-wrap */
static stralloc request, answer;

/* Ask when the other side has said that already. */
static char
ask(const char *said, size_t len)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ((ssize_t)len, write(ends[1], said, len));
	ATF_REQUIRE_EQ(0, shutdown(ends[1], SHUT_WR));
	request.len = 0;
	tls_ask_put(&request, "side=", "client");
	tls_ask_put(&request, "min=", "1.3");
	return tls_ask(ends[0], 0, &request, 1, &answer);
}

#define ASK(said) ask(said, sizeof(said) - 1)

ATF_TC_WITHOUT_HEAD(the_request_goes_with_the_descriptor);
ATF_TC_BODY(the_request_goes_with_the_descriptor, tc)
{
	char got[100];
	int fd = -1;

	ATF_CHECK_EQ('K', ASK("21:KTLS_VERSION=TLSv1.3\0,"));
	ATF_REQUIRE_EQ(20 + 4, fdpass_receive(ends[1], got, sizeof(got), &fd));
	ATF_CHECK_EQ(0, memcmp("20:side=client\0min=1.3\0,", got, 24));
	ATF_CHECK(fd != -1);
	ATF_CHECK_EQ(20, answer.len);
	ATF_CHECK_STREQ("TLS_VERSION=TLSv1.3", answer.s);
}

ATF_TC_WITHOUT_HEAD(a_refusal_is_its_reason);
ATF_TC_BODY(a_refusal_is_its_reason, tc)
{
	ATF_CHECK_EQ('Z', ASK("14:Z4.7.5 because,"));
	ATF_CHECK_STREQ("4.7.5 because", answer.s);
	ATF_CHECK_EQ('D', ASK("8:Dno side,"));
	ATF_CHECK_STREQ("no side", answer.s);
}

ATF_TC_WITHOUT_HEAD(what_makes_no_sense_is_no_answer);
ATF_TC_BODY(what_makes_no_sense_is_no_answer, tc)
{
	ATF_CHECK_EQ(0, ASK(""));
	ATF_CHECK_STREQ("no answer from run/tls.sock", answer.s);
	ATF_CHECK_EQ(0, ASK("250 ok\r\n"));
	ATF_CHECK_EQ(0, ASK("9999:K"));
	ATF_CHECK_EQ(0, ASK("5:Kabcd,"));
	ATF_CHECK_STREQ("senseless answer from run/tls.sock", answer.s);
	ATF_CHECK_EQ(0, ASK("0:,"));
	ATF_CHECK_EQ(0, ASK("12:KPATH=/evil\0,"));
}

ATF_TC_WITHOUT_HEAD(a_long_request_goes_whole);
ATF_TC_BODY(a_long_request_goes_whole, tc)
{
	static char value[40000];

	memset(value, 'a', sizeof(value) - 1);
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ(7, write(ends[1], "4:Zwhy,", 7));
	tls_ask_put(&request, "tlsa=", value);
	ATF_CHECK_EQ('Z', tls_ask(ends[0], 0, &request, 1, &answer));
}

ATF_TC_WITHOUT_HEAD(nobody_there_is_told);
ATF_TC_BODY(nobody_there_is_told, tc)
{
	ATF_CHECK_EQ(-1, tls_ask_connect());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_request_goes_with_the_descriptor);
	ATF_TP_ADD_TC(tp, a_refusal_is_its_reason);
	ATF_TP_ADD_TC(tp, what_makes_no_sense_is_no_answer);
	ATF_TP_ADD_TC(tp, a_long_request_goes_whole);
	ATF_TP_ADD_TC(tp, nobody_there_is_told);
	return atf_no_error();
}
