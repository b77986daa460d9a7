#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/output.h"

static char buffer[8];

/* Read all that waits in fd, which is a C string then. */
static const char *
arrived(int fd)
{
	static char s[256];
	ssize_t r = recv(fd, s, sizeof(s) - 1, MSG_DONTWAIT);

	s[r > 0 ? r : 0] = '\0';
	return s;
}

ATF_TC_WITHOUT_HEAD(what_fits_waits_for_the_flush);
ATF_TC_BODY(what_fits_waits_for_the_flush, tc)
{
	struct output o;
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	output_open(&o, ends[0], 5, buffer, sizeof(buffer));
	output_say(&o, "ab", "", "cdef", (char *)NULL);
	output_put(&o, "gh", 2);
	ATF_CHECK_STREQ("", arrived(ends[1]));
	ATF_CHECK_EQ(0, output_flush(&o));
	ATF_CHECK_STREQ("abcdefgh", arrived(ends[1]));
	ATF_CHECK_EQ(0, output_flush(&o));
	ATF_CHECK_STREQ("", arrived(ends[1]));
}

ATF_TC_WITHOUT_HEAD(more_than_the_buffer_goes_in_pieces);
ATF_TC_BODY(more_than_the_buffer_goes_in_pieces, tc)
{
	static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct output o;
	char all[2 * sizeof(text)];
	size_t first;
	int ends[2];

	/* wherever the buffer stands when it comes */
	for (first = 0; first <= sizeof(buffer); first++) {
		ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
		output_open(&o, ends[0], 5, buffer, sizeof(buffer));
		output_put(&o, text, first);
		output_put(&o, text, sizeof(text) - 1);
		ATF_CHECK_EQ(0, output_flush(&o));
		memcpy(all, text, first);
		memcpy(all + first, text, sizeof(text));
		ATF_CHECK_STREQ(all, arrived(ends[1]));
		close(ends[0]);
		close(ends[1]);
	}
}

ATF_TC_WITHOUT_HEAD(room_is_made_by_writing_what_waits);
ATF_TC_BODY(room_is_made_by_writing_what_waits, tc)
{
	struct output o;
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	output_open(&o, ends[0], 5, buffer, sizeof(buffer));
	output_put(&o, "abc", 3);
	ATF_CHECK_EQ(buffer + 3, output_room(&o, 5));
	ATF_CHECK_STREQ("", arrived(ends[1]));
	ATF_CHECK_EQ(buffer, output_room(&o, 6));
	ATF_CHECK_STREQ("abc", arrived(ends[1]));
}

ATF_TC_WITHOUT_HEAD(a_pipe_is_written_too);
ATF_TC_BODY(a_pipe_is_written_too, tc)
{
	struct output o;
	char s[4] = "";
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	output_open(&o, ends[1], 5, buffer, sizeof(buffer));
	output_say(&o, "abc", (char *)NULL);
	ATF_CHECK_EQ(0, output_flush(&o));
	ATF_CHECK_EQ(3, read(ends[0], s, 3));
	ATF_CHECK_STREQ("abc", s);
}

ATF_TC_WITHOUT_HEAD(after_a_failure_nothing_is_tried);
ATF_TC_BODY(after_a_failure_nothing_is_tried, tc)
{
	struct output o;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	output_open(&o, ends[0], 5, buffer, sizeof(buffer));
	close(ends[1]);
	output_put(&o, "0123456789", 10);
	ATF_CHECK_EQ(EPIPE, o.failed);
	errno = 0;
	ATF_CHECK_EQ(-1, output_flush(&o));
	ATF_CHECK_EQ(EPIPE, errno);
	/* and whoever has the number now gets nothing */
	close(ends[0]);
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ(o.fd, ends[0]);
	output_put(&o, "0123456789", 10);
	ATF_CHECK_EQ(-1, output_flush(&o));
	ATF_CHECK_STREQ("", arrived(ends[1]));
}

/* Who takes nothing is given up, whether the socket keeps the time or we do. */
static void
stall(int flags)
{
	static char much[65536];
	struct output o;
	int ends[2], i;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | flags, 0, ends));
	output_open(&o, ends[0], 1, buffer, sizeof(buffer));
	for (i = 0; i < 1000 && !o.failed; i++)
		output_put(&o, much, sizeof(much));
	ATF_CHECK_EQ(ETIMEDOUT, o.failed);
	close(ends[0]);
	close(ends[1]);
}

ATF_TC_WITHOUT_HEAD(nobody_is_waited_for_without_end);
ATF_TC_BODY(nobody_is_waited_for_without_end, tc)
{
	stall(0);
	stall(SOCK_NONBLOCK);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_fits_waits_for_the_flush);
	ATF_TP_ADD_TC(tp, more_than_the_buffer_goes_in_pieces);
	ATF_TP_ADD_TC(tp, room_is_made_by_writing_what_waits);
	ATF_TP_ADD_TC(tp, a_pipe_is_written_too);
	ATF_TP_ADD_TC(tp, after_a_failure_nothing_is_tried);
	ATF_TP_ADD_TC(tp, nobody_is_waited_for_without_end);
	return atf_no_error();
}
