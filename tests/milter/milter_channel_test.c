#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/text.h"
#include "milter/milter_channel.h"

#define LARGE 4194304 /* more than a socket takes that nobody reads */
#define PATIENCE 60   /* seconds for a step */

/* Put n bytes into what is to be sent. */
static void
put(struct milter_channel *c, size_t n)
{
	c->out.len = 0;
	text_room(&c->out, n);
	memset(c->out.s, 'a', n);
	c->out.len = n;
}

ATF_TC_WITHOUT_HEAD(nothing_is_written_past_the_time_for_all);
ATF_TC_BODY(nothing_is_written_past_the_time_for_all, tc)
{
	struct milter_channel c = {.seconds = PATIENCE};
	int64_t begun = deadline_now();
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	c.fd = ends[0];
	c.last = begun + 300;
	put(&c, LARGE);
	ATF_CHECK_EQ(-1, milter_channel_send(&c));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK_STREQ("unable to write to the milter", c.why);
	ATF_CHECK_EQ(-1, c.fd);
	ATF_CHECK(deadline_now() - begun < PATIENCE * 1000 / 2);
	close(ends[1]);
	stralloc_free(&c.out);
}

ATF_TC_WITHOUT_HEAD(what_there_is_room_for_is_written_in_any_case);
ATF_TC_BODY(what_there_is_room_for_is_written_in_any_case, tc)
{
	struct milter_channel c = {.seconds = PATIENCE, .last = 1};
	char got[8];
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	c.fd = ends[0];
	put(&c, 4);
	ATF_CHECK_EQ(0, milter_channel_send(&c));
	ATF_CHECK_EQ(4, read(ends[1], got, sizeof got));
	ATF_CHECK_EQ(0, c.out.len);
	close(ends[0]);
	close(ends[1]);
	stralloc_free(&c.out);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nothing_is_written_past_the_time_for_all);
	ATF_TP_ADD_TC(tp, what_there_is_room_for_is_written_in_any_case);
	return atf_no_error();
}
