#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/trigger_read.h"
#include "lib/queueid.h"

#define ID "0hofc52zpb5l953d9rf5s00"

static struct trigger_read t;

static void
begin(void)
{
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkfifo("queue/trigger", 0600));
	trigger_read_open(&t);
	ATF_REQUIRE(t.fd != -1);
}

static void
say(const char *words)
{
	ATF_REQUIRE_EQ(strlen(words), write(t.fd, words, strlen(words)));
}

ATF_TC_WITHOUT_HEAD(ids_are_heard_a_line_each);
ATF_TC_BODY(ids_are_heard_a_line_each, tc)
{
	begin();
	ATF_CHECK(trigger_read_next(&t) == NULL);
	say(ID "a\n" ID "b\n" ID);
	ATF_CHECK_EQ(0, trigger_read_hear(&t));
	ATF_CHECK(trigger_read_has_more(&t));
	ATF_CHECK_STREQ(ID "a", trigger_read_next(&t));
	ATF_CHECK_STREQ(ID "b", trigger_read_next(&t));
	ATF_CHECK(!trigger_read_has_more(&t));
	ATF_CHECK(trigger_read_next(&t) == NULL);
	say("c\n");
	trigger_read_hear(&t);
	ATF_CHECK_STREQ(ID "c", trigger_read_next(&t));
}

ATF_TC_WITHOUT_HEAD(what_is_no_id_is_passed_over);
ATF_TC_BODY(what_is_no_id_is_passed_over, tc)
{
	begin();
	say("\n../x\nreread\n" ID "a\n");
	trigger_read_hear(&t);
	ATF_CHECK_STREQ(ID "a", trigger_read_next(&t));
	ATF_CHECK_EQ(1, t.reread);
	ATF_CHECK(trigger_read_next(&t) == NULL);
}

ATF_TC_WITHOUT_HEAD(a_line_without_end_does_not_fill_it_for_ever);
ATF_TC_BODY(a_line_without_end_does_not_fill_it_for_ever, tc)
{
	char flood[sizeof t.buf];

	begin();
	memset(flood, 'x', sizeof flood);
	ATF_REQUIRE_EQ(sizeof flood, write(t.fd, flood, sizeof flood));
	trigger_read_hear(&t);
	ATF_CHECK(trigger_read_next(&t) == NULL);
	say("\n" ID "a\n");
	trigger_read_hear(&t);
	ATF_CHECK_STREQ(ID "a", trigger_read_next(&t));
}

ATF_TC_WITHOUT_HEAD(when_it_is_half_full_some_may_be_lost);
ATF_TC_BODY(when_it_is_half_full_some_may_be_lost, tc)
{
	begin();
	for (int n = 0; n <= t.capacity / 2; n += QUEUEID_LEN + 1)
		say(ID "a\n");
	ATF_CHECK_EQ(1, trigger_read_hear(&t));
}

ATF_TC_WITHOUT_HEAD(what_is_no_fifo_is_left_alone);
ATF_TC_BODY(what_is_no_fifo_is_left_alone, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	trigger_read_open(&t);
	ATF_CHECK_EQ(-1, t.fd);
	close(open("queue/trigger", O_WRONLY | O_CREAT, 0600));
	trigger_read_open(&t);
	ATF_CHECK_EQ(-1, t.fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ids_are_heard_a_line_each);
	ATF_TP_ADD_TC(tp, what_is_no_id_is_passed_over);
	ATF_TP_ADD_TC(tp, a_line_without_end_does_not_fill_it_for_ever);
	ATF_TP_ADD_TC(tp, when_it_is_half_full_some_may_be_lost);
	ATF_TP_ADD_TC(tp, what_is_no_fifo_is_left_alone);
	return atf_no_error();
}
