#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/job.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define ID "0123456789abcdefghijklmn"
#define BUSY 10 /* seconds that nobody needs */

static struct job job;
static int ends[2]; /* the server's, the client's */

static void
connect_both(void)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

static int
message_file(const char *content)
{
	int fd = memfd_create("message", 0);

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

/* What begins a job for one recipient. */
static stralloc
request(const char *id, off_t offset, off_t length)
{
	static const struct envelope_recipient to = {"alice@example.test", 0, 0};
	struct envelope e = {
	    .sender = "bob@example.org", .recipients = (void *)&to, .count = 1};
	stralloc sa = {0};

	job_request(&sa, id, &e, (const size_t[]){0}, 1, offset, length);
	return sa;
}

static void
check_content(const char *wanted)
{
	char buf[100] = "";

	ATF_REQUIRE_EQ(strlen(wanted), job.length);
	ATF_CHECK_EQ(job.length, pread(job.fd, buf, (size_t)job.length, job.offset));
	ATF_CHECK_STREQ(wanted, buf);
}

ATF_TC_WITHOUT_HEAD(a_job_comes_with_a_descriptor);
ATF_TC_BODY(a_job_comes_with_a_descriptor, tc)
{
	stralloc sa = request(ID, 4, 5);
	int message = message_file("headhellotail"), before, round;

	connect_both();
	before = descriptors();
	for (round = 0; round < 3; round++) {
		ATF_REQUIRE_EQ(sa.len, fdpass_send(ends[1], sa.s, sa.len, message));
		ATF_REQUIRE_EQ(1, job_read(&job, ends[0], 0, BUSY));
		ATF_CHECK_STREQ(ID, job.id);
		ATF_CHECK_STREQ("bob@example.org", job.envelope.sender);
		ATF_REQUIRE_EQ(1, job.envelope.count);
		ATF_CHECK_STREQ("alice@example.test", job.envelope.recipients[0].address);
		check_content("hello");
		job_done(&job);
		ATF_CHECK_EQ(-1, job.fd);
		ATF_CHECK_EQ(before, descriptors());
	}
	close(ends[1]);
	ATF_CHECK_EQ(0, job_read(&job, ends[0], 0, BUSY));
}

ATF_TC_WITHOUT_HEAD(a_job_comes_with_the_message_itself);
ATF_TC_BODY(a_job_comes_with_the_message_itself, tc)
{
	stralloc sa = request(ID, 0, 5);
	int before, round;

	connect_both();
	netstring_put(&sa, "hello", 5);
	before = descriptors();
	for (round = 0; round < 2; round++)
		ATF_REQUIRE_EQ(sa.len, write(ends[1], sa.s, sa.len));
	for (round = 0; round < 2; round++) {
		ATF_REQUIRE_EQ(1, job_read(&job, ends[0], BUSY, BUSY));
		check_content("hello");
		job_done(&job);
	}
	ATF_CHECK_EQ(before, descriptors());
	ATF_REQUIRE_EQ(0, pipe(ends)); /* and by any other stream */
	ATF_REQUIRE_EQ(sa.len, write(ends[1], sa.s, sa.len));
	ATF_REQUIRE_EQ(1, job_read(&job, ends[0], BUSY, BUSY));
	check_content("hello");
	job_done(&job);
}

ATF_TC_WITHOUT_HEAD(a_large_message_is_not_kept_in_memory);
ATF_TC_BODY(a_large_message_is_not_kept_in_memory, tc)
{
	static char large[1000000], back[1000000];
	stralloc sa = request(ID, 0, 0);
	size_t i;

	for (i = 0; i < sizeof(large); i++)
		large[i] = (char)(i * 7 % 251);
	netstring_put(&sa, large, sizeof(large));
	connect_both();
	if (fork() == 0)
		_exit(deadline_write_all(ends[1], sa.s, sa.len, BUSY) != 0);
	ATF_REQUIRE_EQ(1, job_read(&job, ends[0], BUSY, BUSY));
	ATF_REQUIRE_EQ(sizeof(large), job.length);
	ATF_CHECK(job.bytes.a < 10000);
	ATF_CHECK_EQ(sizeof(back), pread(job.fd, back, sizeof(back), 0));
	ATF_CHECK(memcmp(large, back, sizeof(large)) == 0);
	job_done(&job);
}

/* What job_read says to bytes after which the client goes; message may be -1. */
static int
read_from(const char *s, size_t len, int message)
{
	int before, r, saved;

	connect_both();
	before = descriptors();
	if (len > 0 && message != -1)
		ATF_REQUIRE_EQ(len, fdpass_send(ends[1], s, len, message));
	else
		ATF_REQUIRE_EQ(len, write(ends[1], s, len));
	shutdown(ends[1], SHUT_WR);
	errno = 0;
	r = job_read(&job, ends[0], BUSY, BUSY);
	saved = errno;
	ATF_CHECK_EQ(r == 1 ? before + 1 : before, descriptors());
	close(ends[0]);
	close(ends[1]);
	errno = saved;
	return r;
}

ATF_TC_WITHOUT_HEAD(a_job_cut_anywhere_is_none);
ATF_TC_BODY(a_job_cut_anywhere_is_none, tc)
{
	stralloc with = request(ID, 0, 5), without = request(ID, 0, 5);
	int message = message_file("hello");
	size_t len;

	for (len = 1; len < with.len; len++) {
		ATF_CHECK_EQ(-1, read_from(with.s, len, message));
		ATF_CHECK_EQ(EPROTO, errno);
	}
	netstring_put(&without, "hello", 5);
	for (len = 1; len < without.len; len++) {
		ATF_CHECK_EQ(-1, read_from(without.s, len, -1));
		ATF_CHECK_EQ(EPROTO, errno);
	}
	ATF_CHECK_EQ(0, read_from("", 0, -1));
}

ATF_TC_WITHOUT_HEAD(malformed_jobs_are_refused);
ATF_TC_BODY(malformed_jobs_are_refused, tc)
{
	static const char *const bad[] = {"EHLO example.test\r\n", ":",
	    "x:", "16777217:", "99999999999999999999:", "-1:", "0:,", "3:abc,", "4:F\0T,",
	    "\r\n", ","};
	stralloc sa = {0};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ_MSG(-1, read_from(bad[i], strlen(bad[i]), -1), "%s", bad[i]);
		ATF_CHECK_EQ(EPROTO, errno);
	}
	sa = request("not-an-id", 0, 5);
	netstring_put(&sa, "hello", 5);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, -1));
	ATF_CHECK_EQ(EPROTO, errno);
	sa.len = 0;
	netstring_put(&sa, "F\0Ta@b\0\0", 8); /* no id at all */
	netstring_put(&sa, "hello", 5);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, -1));
	ATF_CHECK_EQ(EPROTO, errno);
}

ATF_TC_WITHOUT_HEAD(lengths_that_lie_are_refused);
ATF_TC_BODY(lengths_that_lie_are_refused, tc)
{
	static const off_t bad[][2] = {
	    {0, 6}, {6, 0}, {5, 1}, {1, 5}, {0, 1LL << 62}, {1LL << 62, 1LL << 62}};
	int message = message_file("hello");
	stralloc sa;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sa = request(ID, bad[i][0], bad[i][1]);
		ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, message));
		ATF_CHECK_EQ(EPROTO, errno);
	}
	sa = request(ID, 5, 0);
	ATF_CHECK_EQ(1, read_from(sa.s, sa.len, message));
	job_done(&job);
	sa = request(ID, 0, 5);
	text_cat(&sa, "99999999999999999999:hello,", (char *)NULL);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, -1));
	ATF_CHECK_EQ(EPROTO, errno);
	sa = request(ID, 0, 5);
	text_cat(&sa, "5:hello!", (char *)NULL);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, -1));
	ATF_CHECK_EQ(EPROTO, errno);
}

ATF_TC_WITHOUT_HEAD(a_descriptor_that_is_no_file_is_refused);
ATF_TC_BODY(a_descriptor_that_is_no_file_is_refused, tc)
{
	stralloc sa = request(ID, 0, 0);
	int pipes[2];

	ATF_REQUIRE_EQ(0, pipe(pipes));
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, pipes[0]));
	ATF_CHECK_EQ(EPROTO, errno);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, open(".", O_RDONLY)));
	ATF_CHECK_EQ(EPROTO, errno);
	ATF_CHECK_EQ(-1, read_from(sa.s, sa.len, open("/dev/zero", O_RDONLY)));
	ATF_CHECK_EQ(EPROTO, errno);
}

ATF_TC_WITHOUT_HEAD(a_silent_client_is_not_waited_for);
ATF_TC_BODY(a_silent_client_is_not_waited_for, tc)
{
	connect_both();
	ATF_CHECK_EQ(-1, job_read(&job, ends[0], 1, BUSY));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_REQUIRE_EQ(4, write(ends[1], "100:", 4));
	ATF_CHECK_EQ(-1, job_read(&job, ends[0], 0, 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
}

ATF_TC_WITHOUT_HEAD(parameters_go_with_their_recipients_and_cannot_replace_ours);
ATF_TC_BODY(parameters_go_with_their_recipients_and_cannot_replace_ours, tc)
{
	static const char bytes[] =
	    "F\0Pid=nnnnnnnnnnnnnnnnnnnnnnnn\0Plength=9\0PBODY=8BITMIME\0"
	    "NNOTIFY=NEVER\0Ta@b\0Tc@d\0NNOTIFY=DELAY\0Te@f\0";
	int message = message_file("hello");
	struct envelope e = {0};
	stralloc copy = {0}, sa = {0};

	text_catb(&copy, bytes, sizeof(bytes));
	ATF_REQUIRE_EQ(ENVELOPE_OK, envelope_parse(&e, copy.s, copy.len));
	job_request(&sa, ID, &e, (const size_t[]){2, 0}, 2, 0, 5);
	ATF_REQUIRE_EQ(1, read_from(sa.s, sa.len, message));
	ATF_CHECK_STREQ(ID, job.id);
	check_content("hello");
	ATF_CHECK_STREQ("8BITMIME", envelope_parameter(&job.envelope, "BODY"));
	ATF_REQUIRE_EQ(2, job.envelope.count);
	ATF_CHECK_STREQ("e@f", job.envelope.recipients[0].address);
	ATF_CHECK_STREQ(
	    "DELAY", envelope_recipient_parameter(&job.envelope, 0, "NOTIFY"));
	ATF_CHECK_STREQ("a@b", job.envelope.recipients[1].address);
	ATF_CHECK_STREQ(
	    "NEVER", envelope_recipient_parameter(&job.envelope, 1, "NOTIFY"));
	job_done(&job);
}

ATF_TC_WITHOUT_HEAD(an_answer_is_a_netstring);
ATF_TC_BODY(an_answer_is_a_netstring, tc)
{
	struct outcome o = {0};
	stralloc sa = {0};

	outcome_set(&o, 'D', "5.1.1", "no\r\nsuch user", (char *)NULL);
	job_answer(&sa, &o);
	outcome_set(&o, 'K', "2.0.0", "", (char *)NULL);
	job_answer(&sa, &o);
	text_terminate(&sa);
	ATF_CHECK_STREQ("20:D5.1.1 no  such user,7:K2.0.0 ,", sa.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_job_comes_with_a_descriptor);
	ATF_TP_ADD_TC(tp, a_job_comes_with_the_message_itself);
	ATF_TP_ADD_TC(tp, a_large_message_is_not_kept_in_memory);
	ATF_TP_ADD_TC(tp, a_job_cut_anywhere_is_none);
	ATF_TP_ADD_TC(tp, malformed_jobs_are_refused);
	ATF_TP_ADD_TC(tp, lengths_that_lie_are_refused);
	ATF_TP_ADD_TC(tp, a_descriptor_that_is_no_file_is_refused);
	ATF_TP_ADD_TC(tp, a_silent_client_is_not_waited_for);
	ATF_TP_ADD_TC(tp, parameters_go_with_their_recipients_and_cannot_replace_ours);
	ATF_TP_ADD_TC(tp, an_answer_is_a_netstring);
	return atf_no_error();
}
