#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/netstring.h"
#include "lib/sink.h"
#include "lib/verdict.h"

#define PATIENCE 60 /* seconds that no sound sink needs */
#define ID "0abcdefghij0123456789abc"
#define SOON 20000 /* milliseconds: much less than what a hanging sink would take */

static const char envelope[] = "Fa@example.test\0Tb@example.test\0";

static stralloc report;

static void
start(struct sink *sink, const char *script)
{
	signal(SIGPIPE, SIG_IGN);
	ATF_REQUIRE_EQ(
	    0, sink_start(sink, (const char *const[]){"sh", "-c", script, NULL}));
}

/* The verdict of a shell script that gets the message "text\n" and the envelope. */
static int
verdict_of_script(const char *script, unsigned seconds)
{
	struct sink sink;

	start(&sink, script);
	/* one that has ended already gets nothing */
	ATF_REQUIRE(write(sink.program.message, "text\n", 5) == 5 || errno == EPIPE);
	return sink_finish(&sink, envelope, sizeof(envelope), &report, seconds);
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

ATF_TC_WITHOUT_HEAD(message_and_envelope_arrive_one_after_the_other);
ATF_TC_BODY(message_and_envelope_arrive_one_after_the_other, tc)
{
	char bytes[100];
	int fd, before = descriptors();

	ATF_CHECK_EQ(ACCEPT,
	    verdict_of_script(
		"cat >message && cat <&1 >envelope && echo Kan-id >&4", PATIENCE));
	ATF_CHECK_STREQ("an-id", report.s);
	fd = open("message", O_RDONLY);
	ATF_CHECK_EQ(5, read(fd, bytes, sizeof(bytes)));
	ATF_CHECK(memcmp(bytes, "text\n", 5) == 0);
	close(fd);
	fd = open("envelope", O_RDONLY);
	ATF_CHECK_EQ(sizeof(envelope), read(fd, bytes, sizeof(bytes)));
	ATF_CHECK(memcmp(bytes, envelope, sizeof(envelope)) == 0);
	close(fd);
	ATF_CHECK_EQ(before, descriptors());
}

ATF_TC_WITHOUT_HEAD(codes_are_those_of_qmail_queue);
ATF_TC_BODY(codes_are_those_of_qmail_queue, tc)
{
	static const struct {
		const char *script;
		int verdict;
	} cases[] = {{"exit 0", ACCEPT}, {"exit 10", DEFER}, {"exit 11", REJECT},
	    {"exit 40", REJECT}, {"exit 41", DEFER}, {"exit 53", DEFER},
	    {"exit 100", DEFER}, {"exit 111", DEFER}, {"exit 120", DEFER},
	    {"kill -9 $$", DEFER}, {"kill -11 $$", DEFER}};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ATF_CHECK_MSG(
		    verdict_of_script(cases[i].script, PATIENCE) == cases[i].verdict,
		    "%s", cases[i].script);
}

ATF_TC_WITHOUT_HEAD(words_are_heard_on_4_and_on_6);
ATF_TC_BODY(words_are_heard_on_4_and_on_6, tc)
{
	ATF_CHECK_EQ(REJECT, verdict_of_script("echo 'Da virus' >&4; exit 31", PATIENCE));
	ATF_CHECK_STREQ("a virus", report.s);
	ATF_CHECK_EQ(DEFER, verdict_of_script("echo Zlater >&6; exit 71", PATIENCE));
	ATF_CHECK_STREQ("later", report.s);
	ATF_CHECK_EQ(REJECT,
	    verdict_of_script("printf Dtw >&4; printf 'o parts' >&6; exit 31", PATIENCE));
	ATF_CHECK_STREQ("two parts", report.s);
}

ATF_TC_WITHOUT_HEAD(words_that_contradict_the_code_are_not_its_reason);
ATF_TC_BODY(words_that_contradict_the_code_are_not_its_reason, tc)
{
	ATF_CHECK_EQ(ACCEPT, verdict_of_script("echo 'Dno' >&4; exit 0", PATIENCE));
	ATF_CHECK_STREQ("", report.s);
	ATF_CHECK_EQ(REJECT, verdict_of_script("echo 'Kyes' >&4; exit 31", PATIENCE));
	ATF_CHECK_STREQ("", report.s);
	ATF_CHECK_EQ(DEFER, verdict_of_script("echo 'Dno' >&4; exit 53", PATIENCE));
	ATF_CHECK_STREQ("", report.s);
	ATF_CHECK_EQ(DEFER, verdict_of_script("echo >&4; exit 53", PATIENCE));
	ATF_CHECK_STREQ("", report.s);
}

ATF_TC_WITHOUT_HEAD(the_filters_that_exit_82_or_88_decide_by_their_words);
ATF_TC_BODY(the_filters_that_exit_82_or_88_decide_by_their_words, tc)
{
	ATF_CHECK_EQ(REJECT, verdict_of_script("echo 'Dspam' >&6; exit 82", PATIENCE));
	ATF_CHECK_STREQ("spam", report.s);
	ATF_CHECK_EQ(REJECT, verdict_of_script("echo 'Dspam' >&4; exit 88", PATIENCE));
	ATF_CHECK_STREQ("spam", report.s);
	ATF_CHECK_EQ(DEFER, verdict_of_script("echo 'Zgrey' >&6; exit 82", PATIENCE));
	ATF_CHECK_STREQ("grey", report.s);
	ATF_CHECK_EQ(DEFER, verdict_of_script("exit 82", PATIENCE));
	ATF_CHECK_EQ(DEFER, verdict_of_script("echo D >&6; exit 82", PATIENCE));
}

ATF_TC_WITHOUT_HEAD(words_are_made_printable_and_cut);
ATF_TC_BODY(words_are_made_printable_and_cut, tc)
{
	ATF_CHECK_EQ(REJECT,
	    verdict_of_script("printf 'Da\\r\\n250 b\\n' >&4; exit 31", PATIENCE));
	ATF_CHECK_STREQ("a  250 b", report.s);
	ATF_CHECK_EQ(REJECT,
	    verdict_of_script(
		"{ printf D; dd if=/dev/zero bs=200000 count=1; } 2>&- >&4; exit 31",
		PATIENCE));
	ATF_CHECK(report.len <= 1000);
}

ATF_TC_WITHOUT_HEAD(one_that_hangs_is_killed);
ATF_TC_BODY(one_that_hangs_is_killed, tc)
{
	int64_t began = deadline_now();

	ATF_CHECK_EQ(DEFER, verdict_of_script("exec sleep 1000", 1));
	ATF_CHECK(deadline_now() - began < SOON);
}

ATF_TC_WITHOUT_HEAD(one_that_hangs_after_its_words_is_killed);
ATF_TC_BODY(one_that_hangs_after_its_words_is_killed, tc)
{
	int64_t began = deadline_now();

	ATF_CHECK_EQ(
	    DEFER, verdict_of_script("echo Kid >&4; exec sleep 1000 4>&- 6>&-", 1));
	ATF_CHECK(deadline_now() - began < SOON);
}

ATF_TC_WITHOUT_HEAD(one_that_leaves_something_behind_is_not_waited_for);
ATF_TC_BODY(one_that_leaves_something_behind_is_not_waited_for, tc)
{
	int64_t began = deadline_now();

	ATF_CHECK_EQ(ACCEPT,
	    verdict_of_script("sleep 1000 & echo $! >left; echo Kid >&4", PATIENCE));
	ATF_CHECK_STREQ("id", report.s);
	ATF_CHECK(deadline_now() - began < SOON);
	ATF_CHECK_EQ(0, system("kill $(cat left)"));
}

ATF_TC_WITHOUT_HEAD(one_that_does_not_read_harms_nobody);
ATF_TC_BODY(one_that_does_not_read_harms_nobody, tc)
{
	static char large[1000000];
	struct sink sink;
	int64_t began = deadline_now();

	memset(large, 'x', sizeof(large));
	start(&sink, "echo Dno >&4; exit 31");
	deadline_write_all(sink.program.message, large, sizeof(large), PATIENCE);
	ATF_CHECK_EQ(REJECT, sink_finish(&sink, large, sizeof(large), &report, PATIENCE));
	ATF_CHECK_STREQ("no", report.s);

	start(&sink, "exec sleep 1000");
	ATF_CHECK_EQ(
	    -1, deadline_write_all(sink.program.message, large, sizeof(large), 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK_EQ(DEFER, sink_finish(&sink, large, sizeof(large), &report, 1));
	ATF_CHECK(deadline_now() - began < SOON);
}

ATF_TC_WITHOUT_HEAD(an_aborted_one_gets_no_envelope);
ATF_TC_BODY(an_aborted_one_gets_no_envelope, tc)
{
	struct sink sink;
	int before = descriptors(), fd;
	char c;

	start(&sink,
	    "trap 'cat <&1 >envelope; exit 0' TERM; mkfifo ready; : >ready; cat >m; "
	    "cat <&1 >envelope");
	while ((fd = open("ready", O_RDONLY)) == -1)
		;
	close(fd);
	sink_abort(&sink);
	fd = open("envelope", O_RDONLY);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(0, read(fd, &c, 1));
	close(fd);
	ATF_CHECK_EQ(before, descriptors());
}

ATF_TC_WITHOUT_HEAD(an_aborted_one_ends_whether_it_wants_or_not);
ATF_TC_BODY(an_aborted_one_ends_whether_it_wants_or_not, tc)
{
	struct sink sink;
	int64_t began = deadline_now();
	int fd;

	start(&sink, "trap '' TERM; mkfifo ready; : >ready; exec sleep 1000");
	while ((fd = open("ready", O_RDONLY)) == -1)
		;
	close(fd);
	sink_abort(&sink);
	ATF_CHECK(deadline_now() - began < SOON);
	ATF_CHECK_EQ(-1, kill(sink.program.pid, 0));
}

ATF_TC_WITHOUT_HEAD(one_that_is_missing_is_told);
ATF_TC_BODY(one_that_is_missing_is_told, tc)
{
	struct sink sink;
	int before = descriptors();

	ATF_CHECK_EQ(-1, sink_start(&sink, (const char *const[]){"./missing", NULL}));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(before, descriptors());
}

/* A service in a child: it keeps what comes on each connection, and answers K once. */
static pid_t
serve(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "sock"};
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), fd, heard;
	static stralloc s;
	pid_t pid;

	ATF_REQUIRE_EQ(0, bind(listening, (struct sockaddr *)&address, sizeof address));
	ATF_REQUIRE_EQ(0, listen(listening, 10));
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid > 0) {
		close(listening);
		return pid;
	}
	alarm(4 * PATIENCE);
	while ((fd = accept(listening, NULL, NULL)) != -1) {
		heard = open("heard", O_WRONLY | O_CREAT | O_APPEND, 0600);
		while (netstring_read(fd, &s, 100000, PATIENCE) == 1) {
			if (write(heard, s.s, s.len) == -1 || write(heard, "\n", 1) == -1)
				_exit(1);
			if (s.len == sizeof envelope && s.s[0] == 'F' &&
			    write(fd, "25:K" ID ",", 29) != 29)
				_exit(1);
		}
		close(heard);
		close(fd);
	}
	_exit(1);
}

static void
stop(pid_t pid)
{
	kill(pid, SIGKILL);
	ATF_CHECK_EQ(pid, waitpid(pid, NULL, 0));
}

ATF_TC_WITHOUT_HEAD(a_service_is_a_sink);
ATF_TC_BODY(a_service_is_a_sink, tc)
{
	static const char expected[] =
	    "M" ID "\ntext\nend\n\n\nFa@example.test\0Tb@example.test\0\0\n";
	const char *const argv[] = {"unix:sock", NULL};
	struct sink sink;
	pid_t pid = serve();
	int before = descriptors(), fd;
	char bytes[200];

	ATF_CHECK(sink_is_service(argv));
	ATF_REQUIRE_EQ(0, setenv("QUEUEID", ID, 1));
	ATF_REQUIRE_EQ(0, sink_start(&sink, argv));
	ATF_CHECK_EQ(0, sink_write(&sink, "text", 4, PATIENCE));
	sink_last(&sink, "end\n", 4);
	ATF_CHECK_EQ(
	    ACCEPT, sink_finish(&sink, envelope, sizeof envelope, &report, PATIENCE));
	ATF_CHECK_STREQ(ID, report.s);
	ATF_CHECK_EQ(before, descriptors());
	fd = open("heard", O_RDONLY);
	ATF_CHECK_EQ(sizeof expected - 1, read(fd, bytes, sizeof bytes));
	ATF_CHECK(memcmp(bytes, expected, sizeof expected - 1) == 0);
	close(fd);

	ATF_REQUIRE_EQ(0, sink_start(&sink, argv));
	ATF_CHECK_EQ(0, sink_write(&sink, "text", 4, PATIENCE));
	sink_abort(&sink);
	ATF_CHECK_EQ(before, descriptors());
	stop(pid);
}

ATF_TC_WITHOUT_HEAD(the_connection_to_a_service_can_be_kept);
ATF_TC_BODY(the_connection_to_a_service_can_be_kept, tc)
{
	const char *const argv[] = {"unix:sock", NULL};
	struct queue_client kept = QUEUE_CLIENT_CLOSED;
	struct sink sink;
	pid_t pid = serve();
	int i, fd = -1;

	signal(SIGPIPE, SIG_IGN);
	ATF_REQUIRE_EQ(0, setenv("QUEUEID", ID, 1));
	for (i = 0; i < 3; i++) {
		ATF_REQUIRE_EQ(0, sink_start_kept(&sink, argv, &kept));
		ATF_CHECK(fd == -1 || fd == kept.fd);
		fd = kept.fd;
		ATF_CHECK_EQ(ACCEPT,
		    sink_finish(&sink, envelope, sizeof envelope, &report, PATIENCE));
	}
	ATF_REQUIRE_EQ(0, sink_start_kept(&sink, argv, &kept));
	sink_abort(&sink);
	ATF_CHECK_EQ(fd, kept.fd);
	queue_client_close(&kept);
	/* a program that is the sink leaves it alone */
	ATF_REQUIRE_EQ(
	    0, sink_start_kept(&sink, (const char *const[]){"true", NULL}, &kept));
	ATF_CHECK_EQ(
	    ACCEPT, sink_finish(&sink, envelope, sizeof envelope, &report, PATIENCE));
	ATF_CHECK_EQ(-1, kept.fd);
	stop(pid);
}

ATF_TC_WITHOUT_HEAD(a_service_that_can_not_be_is_told);
ATF_TC_BODY(a_service_that_can_not_be_is_told, tc)
{
	struct sink sink;
	int before = descriptors();

	ATF_CHECK_EQ(-1, sink_start(&sink, (const char *const[]){"unix:sock", NULL}));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(
	    -1, sink_start(&sink, (const char *const[]){"unix:sock", "more", NULL}));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_CHECK_EQ(before, descriptors());
}

ATF_TC_WITHOUT_HEAD(who_took_not_all_has_not_accepted);
ATF_TC_BODY(who_took_not_all_has_not_accepted, tc)
{
	static char large[1000000];
	struct sink sink;
	struct stat st;

	start(&sink, "exec 0<&-; cat <&1 >cut; echo Kid >&4");
	ATF_CHECK_EQ(-1, sink_write(&sink, large, sizeof large, PATIENCE));
	ATF_CHECK_EQ(EPIPE, errno);
	ATF_CHECK_EQ(
	    DEFER, sink_finish(&sink, envelope, sizeof envelope, &report, PATIENCE));
	ATF_CHECK_STREQ("", report.s);
	/* nor can it have taken it: there was no envelope */
	ATF_CHECK_EQ(0, stat("cut", &st));
	ATF_CHECK_EQ(0, st.st_size);
	start(&sink, "exec 0<&-; cat <&1 >cut; echo Kid >&4");
	sink_last(&sink, large, sizeof large);
	ATF_CHECK_EQ(
	    DEFER, sink_finish(&sink, envelope, sizeof envelope, &report, PATIENCE));
	ATF_CHECK_EQ(0, stat("cut", &st));
	ATF_CHECK_EQ(0, st.st_size);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, message_and_envelope_arrive_one_after_the_other);
	ATF_TP_ADD_TC(tp, codes_are_those_of_qmail_queue);
	ATF_TP_ADD_TC(tp, words_are_heard_on_4_and_on_6);
	ATF_TP_ADD_TC(tp, words_that_contradict_the_code_are_not_its_reason);
	ATF_TP_ADD_TC(tp, the_filters_that_exit_82_or_88_decide_by_their_words);
	ATF_TP_ADD_TC(tp, words_are_made_printable_and_cut);
	ATF_TP_ADD_TC(tp, one_that_hangs_is_killed);
	ATF_TP_ADD_TC(tp, one_that_hangs_after_its_words_is_killed);
	ATF_TP_ADD_TC(tp, one_that_leaves_something_behind_is_not_waited_for);
	ATF_TP_ADD_TC(tp, one_that_does_not_read_harms_nobody);
	ATF_TP_ADD_TC(tp, an_aborted_one_gets_no_envelope);
	ATF_TP_ADD_TC(tp, an_aborted_one_ends_whether_it_wants_or_not);
	ATF_TP_ADD_TC(tp, one_that_is_missing_is_told);
	ATF_TP_ADD_TC(tp, a_service_is_a_sink);
	ATF_TP_ADD_TC(tp, the_connection_to_a_service_can_be_kept);
	ATF_TP_ADD_TC(tp, a_service_that_can_not_be_is_told);
	ATF_TP_ADD_TC(tp, who_took_not_all_has_not_accepted);
	return atf_no_error();
}
