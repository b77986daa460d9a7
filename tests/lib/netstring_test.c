#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/netstring.h"
#include "lib/netstring_scan.h"

#define MAX 20

static ssize_t
scan(const char *s, size_t len, size_t *start, size_t *size)
{
	/* a block of the very size: the sanitizer sees what is read beyond it */
	char *copy = malloc(len > 0 ? len : 1);
	ssize_t r;

	memcpy(copy, s, len);
	r = netstring_scan(copy, len, MAX, start, size);
	free(copy);
	return r;
}

ATF_TC_WITHOUT_HEAD(what_is_put_is_found_again);
ATF_TC_BODY(what_is_put_is_found_again, tc)
{
	stralloc sa = {0};
	size_t start, size;

	netstring_put(&sa, "hello world!", 12);
	netstring_put(&sa, "", 0);
	ATF_REQUIRE_EQ(19, sa.len);
	ATF_CHECK(memcmp(sa.s, "12:hello world!,0:,", 19) == 0);
	ATF_CHECK_EQ(16, scan(sa.s, sa.len, &start, &size));
	ATF_CHECK_EQ(3, start);
	ATF_CHECK_EQ(12, size);
	ATF_CHECK_EQ(3, netstring_scan("0:,", 3, 0, &start, &size));
	ATF_CHECK_EQ(0, size);
}

ATF_TC_WITHOUT_HEAD(a_part_needs_more_at_every_split);
ATF_TC_BODY(a_part_needs_more_at_every_split, tc)
{
	static const char whole[] = "12:hello, wo:ld,";
	size_t start, size, len;

	for (len = 0; len < sizeof(whole) - 1; len++)
		ATF_CHECK_EQ(0, scan(whole, len, &start, &size));
	ATF_CHECK_EQ(sizeof(whole) - 1, scan(whole, sizeof(whole) - 1, &start, &size));
	ATF_CHECK_EQ(sizeof(whole) - 1, scan(whole, sizeof(whole), &start, &size));
}

ATF_TC_WITHOUT_HEAD(malformed_and_long_ones_are_refused);
ATF_TC_BODY(malformed_and_long_ones_are_refused, tc)
{
	static const char *const bad[] = {":", ":,", "a", "-1:", " 1:a,", "1 :a,",
	    "01:a,", "00:,", "+1:a,", "1:ab", "0:a", "21:", "99999999999:", "99999999999",
	    "18446744073709551615:", "18446744073709551616:", "\xff:"};
	size_t start, size, i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(
		    scan(bad[i], strlen(bad[i]), &start, &size) == -1, "%s", bad[i]);
}

/* What netstring_read says to these bytes, in a stream that ends after them. */
static int
read_from(const char *s, size_t len, stralloc *sa, char *next)
{
	int ends[2], r, saved;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ(len, write(ends[1], s, len));
	shutdown(ends[1], SHUT_WR);
	r = netstring_read(ends[0], sa, MAX, 10);
	saved = errno;
	*next = '\0';
	ATF_CHECK(read(ends[0], next, 1) >= 0);
	close(ends[0]);
	close(ends[1]);
	errno = saved;
	return r;
}

ATF_TC_WITHOUT_HEAD(nothing_beyond_one_is_read);
ATF_TC_BODY(nothing_beyond_one_is_read, tc)
{
	stralloc sa = {0};
	char next;

	ATF_CHECK_EQ(1, read_from("3:abc,X", 7, &sa, &next));
	ATF_CHECK_EQ(3, sa.len);
	ATF_CHECK(memcmp(sa.s, "abc", 3) == 0);
	ATF_CHECK_EQ('X', next);
	ATF_CHECK_EQ(1, read_from("0:,X", 4, &sa, &next));
	ATF_CHECK_EQ(0, sa.len);
	ATF_CHECK_EQ('X', next);
	ATF_CHECK_EQ(0, read_from("", 0, &sa, &next));
}

ATF_TC_WITHOUT_HEAD(a_pipe_is_read_no_further_either);
ATF_TC_BODY(a_pipe_is_read_no_further_either, tc)
{
	stralloc sa = {0};
	int ends[2];
	char next;

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(12, write(ends[1], "3:abc,4:defg", 12));
	ATF_CHECK_EQ(1, netstring_read(ends[0], &sa, MAX, 10));
	ATF_CHECK(sa.len == 3 && memcmp(sa.s, "abc", 3) == 0);
	ATF_REQUIRE_EQ(1, read(ends[0], &next, 1));
	ATF_CHECK_EQ('4', next);
	ATF_REQUIRE_EQ(2, write(ends[1], ",x", 2));
	ATF_CHECK_EQ(1, netstring_read_on(ends[0], next, &sa, MAX, 10));
	ATF_CHECK(sa.len == 4 && memcmp(sa.s, "defg", 4) == 0);
	ATF_REQUIRE_EQ(1, read(ends[0], &next, 1));
	ATF_CHECK_EQ('x', next);
	close(ends[1]);
	ATF_CHECK_EQ(-1, netstring_read_on(ends[0], '1', &sa, MAX, 10));
	ATF_CHECK_EQ(EPROTO, errno);
}

/* Each byte comes when the one before it has been taken. */
static void
send_slowly(int sock, const char *s)
{
	int left;

	for (; *s != '\0'; s++) {
		if (write(sock, s, 1) != 1)
			_exit(1);
		do
			if (ioctl(sock, SIOCOUTQ, &left) == -1)
				_exit(1);
		while (left > 0);
	}
	_exit(0);
}

ATF_TC_WITHOUT_HEAD(a_length_may_come_in_pieces);
ATF_TC_BODY(a_length_may_come_in_pieces, tc)
{
	stralloc sa = {0};
	int ends[2], status;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (fork() == 0)
		send_slowly(ends[1], "12:twelve bytes,");
	ATF_CHECK_EQ(1, netstring_read(ends[0], &sa, MAX, 10));
	ATF_CHECK(sa.len == 12 && memcmp(sa.s, "twelve bytes", 12) == 0);
	ATF_REQUIRE(wait(&status) != -1);
	ATF_CHECK_EQ(0, status);
}

ATF_TC_WITHOUT_HEAD(cut_and_malformed_streams_are_errors);
ATF_TC_BODY(cut_and_malformed_streams_are_errors, tc)
{
	static const char *const bad[] = {
	    "3", "3:", "3:ab", "3:abc", "3:abc;", "x:", "21:", "00000000003:abc,", ":"};
	stralloc sa = {0};
	size_t i;
	char next;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		ATF_CHECK_MSG(read_from(bad[i], strlen(bad[i]), &sa, &next) == -1 &&
				  errno == EPROTO,
		    "%s", bad[i]);
	}
}

ATF_TC_WITHOUT_HEAD(a_silent_peer_is_not_waited_for);
ATF_TC_BODY(a_silent_peer_is_not_waited_for, tc)
{
	stralloc sa = {0};
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ(4, write(ends[1], "3:ab", 4));
	ATF_CHECK_EQ(-1, netstring_read(ends[0], &sa, MAX, 0));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_put_is_found_again);
	ATF_TP_ADD_TC(tp, a_part_needs_more_at_every_split);
	ATF_TP_ADD_TC(tp, malformed_and_long_ones_are_refused);
	ATF_TP_ADD_TC(tp, nothing_beyond_one_is_read);
	ATF_TP_ADD_TC(tp, a_pipe_is_read_no_further_either);
	ATF_TP_ADD_TC(tp, a_length_may_come_in_pieces);
	ATF_TP_ADD_TC(tp, cut_and_malformed_streams_are_errors);
	ATF_TP_ADD_TC(tp, a_silent_peer_is_not_waited_for);
	return atf_no_error();
}
