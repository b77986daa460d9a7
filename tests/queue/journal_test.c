#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/journal.h"

static int
parse(struct journal_entry *entry, const char *line)
{
	return journal_parse(entry, line, strlen(line));
}

ATF_TC_WITHOUT_HEAD(an_entry_has_five_parts);
ATF_TC_BODY(an_entry_has_five_parts, tc)
{
	struct journal_entry e;

	ATF_REQUIRE(parse(&e, "1795430701 Z 12 4.2.0 not now, please"));
	ATF_CHECK_EQ(1795430701, e.time);
	ATF_CHECK_EQ('Z', e.state);
	ATF_CHECK_EQ(12, e.index);
	ATF_CHECK(e.status_len == 5 && memcmp(e.status, "4.2.0", 5) == 0);
	ATF_CHECK(e.text_len == 15 && memcmp(e.text, "not now, please", 15) == 0);
	ATF_CHECK(parse(&e, "1 K 0 - "));
	ATF_CHECK_EQ(0, e.text_len);
}

ATF_TC_WITHOUT_HEAD(what_is_no_entry_is_refused);
ATF_TC_BODY(what_is_no_entry_is_refused, tc)
{
	static const char *const bad[] = {"", "1", "1 K", "1 K 0", "1 K 0 -", "x K 0 - t",
	    "-1 K 0 - t", "1 ? 0 - t", "1 KK 0 - t", "1 K x - t", "1 K  - t",
	    "1  K 0 - t", "1 K 4294967296 - t", "99999999999999999999 K 0 - t"};
	struct journal_entry e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
		ATF_CHECK_MSG(!parse(&e, bad[i]), "%s", bad[i]);
	ATF_CHECK(!journal_parse(&e, "1 K 0 - a\0b", 11));
}

ATF_TC_WITHOUT_HEAD(only_what_a_server_said_is_an_attempt);
ATF_TC_BODY(only_what_a_server_said_is_an_attempt, tc)
{
	for (const char *letter = "KZD"; *letter; ++letter)
		ATF_CHECK(journal_is_try(*letter, "4.0.0", 5));
	for (const char *letter = "BXAN"; *letter; ++letter)
		ATF_CHECK(!journal_is_try(*letter, "4.0.0", 5));
	ATF_CHECK(!journal_is_try('D', JOURNAL_EXPIRED, strlen(JOURNAL_EXPIRED)));
}

ATF_TC_WITHOUT_HEAD(words_of_peers_cannot_make_lines);
ATF_TC_BODY(words_of_peers_cannot_make_lines, tc)
{
	stralloc sa = {0};

	journal_put(&sa, 5, 'Z', 3, "4.0.0", "a\nb\rc\td\177");
	ATF_CHECK(sa.len == 21 && memcmp(sa.s, "5 Z 3 4.0.0 a b c d \n", 21) == 0);
	sa.len = 0;
	journal_put(&sa, 5, 'Z', 3, "4 0\n0", "x");
	ATF_CHECK(sa.len == 10 && memcmp(sa.s, "5 Z 3 - x\n", 10) == 0);
}

ATF_TC_WITHOUT_HEAD(long_words_are_cut_to_a_line);
ATF_TC_BODY(long_words_are_cut_to_a_line, tc)
{
	static char text[5000];
	struct journal_entry e;
	stralloc sa = {0};

	memset(text, 'x', sizeof text - 1);
	journal_put(&sa, INT64_MAX, 'D', 4294967295u, "5.999.999", text);
	ATF_CHECK(sa.len < JOURNAL_LINE_MAX);
	ATF_CHECK(journal_parse(&e, sa.s, sa.len - 1));
}

static void
add_up(void *context, const struct journal_entry *entry)
{
	size_t *sum = context;

	++sum[0];
	sum[1] += entry->index;
}

static int
read_text(const char *text, size_t len, size_t sum[2])
{
	int fd = open("journal", O_RDWR | O_CREAT | O_TRUNC, 0600), r;

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, text, len));
	sum[0] = sum[1] = 0;
	r = journal_read(fd, 0, len, add_up, sum);
	close(fd);
	return r;
}

static void
check_journal(const char *expected)
{
	int fd = open("journal", O_RDONLY);
	char buf[100];
	ssize_t len = read(fd, buf, sizeof buf - 1);

	ATF_REQUIRE(len >= 0);
	buf[len] = '\0';
	ATF_CHECK_STREQ(expected, buf);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(a_torn_last_line_does_not_count);
ATF_TC_BODY(a_torn_last_line_does_not_count, tc)
{
	static const char text[] = "1 Z 3 - a\nrubbish\n\n2 K 4 - b\n3 K 9 - c";
	size_t sum[2];

	ATF_CHECK_EQ(0, read_text(text, sizeof text - 1, sum));
	ATF_CHECK_EQ(2, sum[0]);
	ATF_CHECK_EQ(7, sum[1]);
	ATF_CHECK_EQ(1, read_text(text, sizeof text - 10, sum));
	ATF_CHECK_EQ(1, read_text("", 0, sum));
}

ATF_TC_WITHOUT_HEAD(a_journal_of_any_length_is_read);
ATF_TC_BODY(a_journal_of_any_length_is_read, tc)
{
	static char filling[50000];
	stralloc sa = {0};
	size_t sum[2];

	memset(filling, 'x', sizeof filling);
	for (int i = 0; i < 5000; ++i) {
		journal_put(&sa, i, 'Z', i, "4.0.0", "some words of some server");
		if (i == 2500)
			stralloc_catb(&sa, filling, sizeof filling);
		if (i == 2500)
			stralloc_catb(&sa, "\n", 1);
	}
	ATF_CHECK_EQ(1, read_text(sa.s, sa.len, sum));
	ATF_CHECK_EQ(5000, sum[0]);
	ATF_CHECK_EQ(5000 * 4999 / 2, sum[1]);
}

ATF_TC_WITHOUT_HEAD(lines_are_added_behind_a_torn_one);
ATF_TC_BODY(lines_are_added_behind_a_torn_one, tc)
{
	size_t sum[2];
	int torn = 1;

	read_text("1 Z 3 - a\n2 K", 13, sum);
	ATF_CHECK_EQ(0, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	ATF_CHECK_EQ(0, torn);
	ATF_CHECK_EQ(0, journal_append("journal", &torn, "4 K 6 - c\n", 10, 0));
	check_journal("1 Z 3 - a\n2 K\n3 K 5 - b\n4 K 6 - c\n");
	ATF_CHECK_EQ(-1, journal_append("nothing", &torn, "x\n", 2, 0));
	ATF_CHECK_EQ(0, torn);
}

/* No file of ours can grow beyond size, as on a full disk. */
static void
fill_disk(rlim_t size)
{
	struct rlimit limit = {size, RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	ATF_REQUIRE_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
}

/* From now on this system call fails with EIO. */
static void
break_call(unsigned number)
{
	struct sock_filter rules[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof rules / sizeof *rules, rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		atf_tc_skip("no seccomp filter can be set here");
}

ATF_TC_WITHOUT_HEAD(a_line_for_which_there_is_no_room_leaves_nothing);
ATF_TC_BODY(a_line_for_which_there_is_no_room_leaves_nothing, tc)
{
	size_t sum[2];
	int torn = 0;

	read_text("1 Z 3 - a\n", 10, sum);
	fill_disk(15);
	ATF_CHECK_EQ(-1, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	ATF_CHECK_EQ(ENOSPC, errno);
	ATF_CHECK_EQ(0, torn);
	check_journal("1 Z 3 - a\n");
	fill_disk(RLIM_INFINITY);
	ATF_CHECK_EQ(0, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	check_journal("1 Z 3 - a\n3 K 5 - b\n");
}

ATF_TC_WITHOUT_HEAD(a_part_that_stays_swallows_no_line);
ATF_TC_BODY(a_part_that_stays_swallows_no_line, tc)
{
	size_t sum[2];
	int torn = 0;

	read_text("1 Z 3 - a\n", 10, sum);
	break_call(SYS_ftruncate);
	fill_disk(15);
	ATF_CHECK_EQ(-1, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	ATF_CHECK_EQ(ENOSPC, errno);
	ATF_CHECK_EQ(1, torn);
	fill_disk(RLIM_INFINITY);
	ATF_CHECK_EQ(0, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	ATF_CHECK_EQ(0, torn);
	check_journal("1 Z 3 - a\n3 K 5\n3 K 5 - b\n");
}

ATF_TC_WITHOUT_HEAD(a_line_that_is_not_on_the_disk_does_not_count);
ATF_TC_BODY(a_line_that_is_not_on_the_disk_does_not_count, tc)
{
	size_t sum[2];
	int torn = 0;

	read_text("1 Z 3 - a\n", 10, sum);
	break_call(SYS_fdatasync);
	ATF_CHECK_EQ(-1, journal_append("journal", &torn, "3 K 5 - b\n", 10, 1));
	ATF_CHECK_EQ(EIO, errno);
	ATF_CHECK_EQ(0, torn);
	check_journal("1 Z 3 - a\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_entry_has_five_parts);
	ATF_TP_ADD_TC(tp, what_is_no_entry_is_refused);
	ATF_TP_ADD_TC(tp, only_what_a_server_said_is_an_attempt);
	ATF_TP_ADD_TC(tp, words_of_peers_cannot_make_lines);
	ATF_TP_ADD_TC(tp, long_words_are_cut_to_a_line);
	ATF_TP_ADD_TC(tp, a_torn_last_line_does_not_count);
	ATF_TP_ADD_TC(tp, a_journal_of_any_length_is_read);
	ATF_TP_ADD_TC(tp, lines_are_added_behind_a_torn_one);
	ATF_TP_ADD_TC(tp, a_line_for_which_there_is_no_room_leaves_nothing);
	ATF_TP_ADD_TC(tp, a_part_that_stays_swallows_no_line);
	ATF_TP_ADD_TC(tp, a_line_that_is_not_on_the_disk_does_not_count);
	return atf_no_error();
}
