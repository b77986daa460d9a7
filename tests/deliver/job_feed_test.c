#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "deliver/job_feed.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define ID "0123456789abcdefghijklmn"

static struct job_feed feed;
static struct job job;
static int ends[2]; /* the server's, the client's */

static int
message_file(const char *content)
{
	int fd = memfd_create("message", MFD_CLOEXEC);

	ATF_REQUIRE_EQ(strlen(content), write(fd, content, strlen(content)));
	return fd;
}

static int
descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	int n = 0;

	ATF_REQUIRE(list != NULL);
	while (readdir(list) != NULL)
		n++;
	closedir(list);
	return n;
}

/* Append what begins a job for one recipient, whose sender tells it from others. */
static void
put_request(stralloc *sa, const char *sender, off_t length)
{
	static const struct envelope_recipient to = {"alice@example.test", 0, 0};
	struct envelope e = {.sender = sender, .recipients = (void *)&to, .count = 1};

	job_request(sa, ID, &e, (const size_t[]){0}, 1, 0, length);
}

/* Send s[0..len) with n descriptors. */
static void
send_all(const char *s, size_t len, const int *fds, size_t n)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE((JOB_FEED_FDS + 9) * sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = (void *)s, .iov_len = len};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (n > 0) {
		message.msg_control = control.space;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		CMSG_FIRSTHDR(&message)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&message)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&message)->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), fds, n * sizeof(int));
	}
	ATF_REQUIRE_EQ(len, sendmsg(ends[1], &message, 0));
}

static void
check_job(const char *sender, const char *content)
{
	char buf[100] = "";

	ATF_CHECK_STREQ(sender, job.envelope.sender);
	ATF_REQUIRE_EQ(strlen(content), job.length);
	ATF_CHECK_EQ(job.length, pread(job.fd, buf, (size_t)job.length, job.offset));
	ATF_CHECK_STREQ(content, buf);
	job_done(&job);
}

ATF_TC_WITHOUT_HEAD(many_jobs_come_in_one_piece);
ATF_TC_BODY(many_jobs_come_in_one_piece, tc)
{
	int fds[JOB_FEED_FDS], before, round;
	stralloc sa = {0};
	size_t i;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	for (i = 0; i < JOB_FEED_FDS; i++) {
		char sender[] = {(char)('A' + i / 8), (char)('A' + i % 8), '\0'};

		fds[i] = message_file(sender);
		put_request(&sa, sender, 2);
	}
	before = descriptors();
	for (round = 0; round < 3; round++) {
		send_all(sa.s, sa.len, fds, JOB_FEED_FDS);
		ATF_REQUIRE_EQ(1, job_feed_read(&feed, ends[0]));
		for (i = 0; i < JOB_FEED_FDS; i++) {
			char sender[] = {(char)('A' + i / 8), (char)('A' + i % 8), '\0'};

			ATF_REQUIRE_EQ(1, job_feed_take(&feed, &job));
			check_job(sender, sender);
		}
		ATF_CHECK_EQ(0, job_feed_take(&feed, &job));
		ATF_CHECK_EQ(0, job_feed_is_cut(&feed));
		ATF_CHECK_EQ(0, job_feed_read(&feed, ends[0]));
		ATF_CHECK_EQ(before, descriptors());
	}
	close(ends[1]);
	ATF_CHECK_EQ(1, job_feed_read(&feed, ends[0]));
	ATF_CHECK_EQ(1, feed.ended);
	ATF_CHECK_EQ(0, job_feed_take(&feed, &job));
}

ATF_TC_WITHOUT_HEAD(jobs_come_in_any_pieces);
ATF_TC_BODY(jobs_come_in_any_pieces, tc)
{
	size_t cut;

	for (cut = 1;; cut++) {
		stralloc sa = {0};
		int fd = message_file("hello"), taken;
		size_t at;

		ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
		put_request(&sa, "one", 5);
		for (at = taken = 0; at < sa.len; at += cut) {
			size_t len = sa.len - at < cut ? sa.len - at : cut;

			send_all(sa.s + at, len, &fd, at == 0);
			ATF_REQUIRE_EQ(1, job_feed_read(&feed, ends[0]));
			ATF_REQUIRE_EQ(0, taken);
			taken = job_feed_take(&feed, &job);
			ATF_REQUIRE(taken != -1);
		}
		ATF_REQUIRE_EQ(1, taken);
		check_job("one", "hello");
		close(ends[0]);
		close(ends[1]);
		close(fd);
		at = sa.len;
		stralloc_free(&sa);
		if (cut > at)
			break;
	}
}

ATF_TC_WITHOUT_HEAD(a_message_comes_as_a_netstring);
ATF_TC_BODY(a_message_comes_as_a_netstring, tc)
{
	stralloc sa = {0};
	size_t i;
	int n = 0;

	ATF_REQUIRE_EQ(0, pipe(ends));
	put_request(&sa, "one", 5);
	netstring_put(&sa, "hello", 5);
	put_request(&sa, "two", 0);
	netstring_put(&sa, "", 0);
	for (i = 0; i < sa.len; i++) {
		ATF_REQUIRE_EQ(1, write(ends[1], sa.s + i, 1));
		ATF_REQUIRE_EQ(1, job_feed_read(&feed, ends[0]));
		switch (job_feed_take(&feed, &job)) {
		case -1:
			atf_tc_fail("malformed at %zu", i);
		case 1:
			if (n++ == 0)
				check_job("one", "hello");
			else
				check_job("two", "");
		}
	}
	ATF_CHECK_EQ(2, n);
	ATF_CHECK_EQ(0, job_feed_is_cut(&feed));
}

/* Is that malformed, whether more could come or not? */
static void
refuse(const char *s, size_t len, const int *fds, size_t n)
{
	int r, before = descriptors();

	memset(&feed, 0, sizeof(feed));
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	send_all(s, len, fds, n);
	close(ends[1]);
	do {
		r = job_feed_read(&feed, ends[0]);
		if (r == 1)
			r = job_feed_take(&feed, &job);
	} while (r == 0 && !feed.ended);
	ATF_CHECK_EQ_MSG(-1, r, "%.*s", (int)len, s);
	ATF_CHECK_EQ(EPROTO, errno);
	ATF_CHECK_EQ(-1, job.fd);
	close(ends[0]);
	while (feed.fd_count > 0) {
		close(feed.fds[feed.fd_first++]);
		feed.fd_count--;
	}
	ATF_CHECK_EQ(before, descriptors());
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_or_cut_is_told);
ATF_TC_BODY(what_is_malformed_or_cut_is_told, tc)
{
	int fds[JOB_FEED_FDS + 9], i;
	stralloc sa = {0};

	refuse("x", 1, NULL, 0);
	refuse("3:abc,", 6, NULL, 0);
	refuse("99999999999:", 12, NULL, 0);
	put_request(&sa, "one", 5);
	refuse(sa.s, sa.len, NULL, 0);
	refuse(sa.s, sa.len - 1, NULL, 0);
	/* more than the file holds, or no file */
	fds[0] = message_file("hell");
	refuse(sa.s, sa.len, fds, 1);
	fds[0] = 0;
	ATF_REQUIRE_EQ(0, pipe(ends));
	fds[0] = ends[0];
	refuse(sa.s, sa.len, fds, 1);
	for (i = 0; i < JOB_FEED_FDS + 9; i++)
		fds[i] = 2;
	refuse(sa.s, sa.len, fds, JOB_FEED_FDS + 9);
	text_cat(&sa, "5:hellox", (char *)NULL);
	refuse(sa.s, sa.len, NULL, 0);
	refuse(sa.s, sa.len - 1, NULL, 0);
	refuse(sa.s, sa.len - 7, NULL, 0);
	sa.len -= 8;
	text_cat(&sa, "123456789012345678901234567890", (char *)NULL);
	refuse(sa.s, sa.len, NULL, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, many_jobs_come_in_one_piece);
	ATF_TP_ADD_TC(tp, jobs_come_in_any_pieces);
	ATF_TP_ADD_TC(tp, a_message_comes_as_a_netstring);
	ATF_TP_ADD_TC(tp, what_is_malformed_or_cut_is_told);
	return atf_no_error();
}
