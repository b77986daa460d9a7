#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/sink_told.h"
#include "lib/text.h"

#define TAKE(s) sink_told_take(s, sizeof(s) - 1)

static const char *
value(const char *name)
{
	const char *s = getenv(name);

	return s != NULL ? s : "(none)";
}

ATF_TC_WITHOUT_HEAD(what_is_told_takes_the_place_of_what_was);
ATF_TC_BODY(what_is_told_takes_the_place_of_what_was, tc)
{
	setenv("OURS", "1", 1);
	setenv("SENDER", "old", 1);
	ATF_CHECK_EQ(1, TAKE("SENDER=a@b\0TCPREMOTEIP=192.0.2.1\0X_A=\0"));
	ATF_CHECK_STREQ("a@b", value("SENDER"));
	ATF_CHECK_STREQ("192.0.2.1", value("TCPREMOTEIP"));
	ATF_CHECK_STREQ("", value("X_A"));
	ATF_CHECK_STREQ("1", value("OURS"));
	setenv("QUEUEID", "x", 1);
	ATF_CHECK_EQ(1, TAKE("SPF_RESULT=fail\0SPF_RESULT=pass\0"));
	ATF_CHECK_STREQ("pass", value("SPF_RESULT"));
	ATF_CHECK_STREQ("(none)", value("SENDER"));
	ATF_CHECK_STREQ("(none)", value("QUEUEID"));
	ATF_CHECK_STREQ("1", value("OURS"));
	ATF_CHECK_EQ(1, TAKE(""));
	ATF_CHECK_STREQ("(none)", value("SPF_RESULT"));
}

ATF_TC_WITHOUT_HEAD(what_means_something_to_programs_is_not_taken);
ATF_TC_BODY(what_means_something_to_programs_is_not_taken, tc)
{
	static const char *const bad[] = {"LD_PRELOAD=x", "PATH=x", "IFS=x", "SENDER",
	    "=x", "X=1", "SPF_a=1", "POLICYx=1", "SENDERS=1", "TLSX=1", "PROTOCOL=1",
	    "X_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=1"};
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		ATF_CHECK_EQ_MSG(
		    0, sink_told_take(bad[i], strlen(bad[i]) + 1), "%s", bad[i]);
		ATF_CHECK_STREQ("(none)", value("LD_PRELOAD"));
	}
	ATF_CHECK_EQ(0, TAKE("SENDER=a"));
}

ATF_TC_WITHOUT_HEAD(what_is_put_can_be_taken);
ATF_TC_BODY(what_is_put_can_be_taken, tc)
{
	stralloc told = {0};
	char *many = malloc(SINK_TOLD_MAX);

	setenv("TCPREMOTEHOST", "h", 1);
	setenv("RECIPIENTS", "a@b\nc@d", 1);
	setenv("GREY_X", "1", 1);
	ATF_CHECK_EQ(0, sink_told_put(&told));
	ATF_CHECK(memmem(told.s, told.len, "HOME=", 5) == NULL);
	ATF_CHECK_EQ(1, sink_told_take(told.s, told.len));
	ATF_CHECK_STREQ("h", value("TCPREMOTEHOST"));
	ATF_CHECK_STREQ("a@b\nc@d", value("RECIPIENTS"));
	ATF_CHECK_STREQ("1", value("GREY_X"));
	/* many recipients are left out, and nothing else is */
	memset(many, 'a', SINK_TOLD_MAX - 1);
	many[SINK_TOLD_MAX - 1] = '\0';
	setenv("RECIPIENTS", many, 1);
	told.len = 0;
	ATF_CHECK_EQ(0, sink_told_put(&told));
	ATF_CHECK(memmem(told.s, told.len, "RECIPIENTS", 10) == NULL);
	setenv("X_A", many, 1);
	ATF_CHECK_EQ(-1, sink_told_put(&told));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_told_takes_the_place_of_what_was);
	ATF_TP_ADD_TC(tp, what_means_something_to_programs_is_not_taken);
	ATF_TP_ADD_TC(tp, what_is_put_can_be_taken);
	return atf_no_error();
}
