#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/control.h"

static stralloc value;

/* Write the literal s to control/name. */
#define WRITE(name, s) write_file("control/" name, s, sizeof(s) - 1)

static void
write_file(const char *path, const char *s, size_t len)
{
	int fd;

	mkdir("control", 0700);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(len, write(fd, s, len));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(the_first_line_counts_without_its_blanks);
ATF_TC_BODY(the_first_line_counts_without_its_blanks, tc)
{
	WRITE("me", "mx.example.test \t\r\nsecond\n");
	ATF_CHECK_EQ(1, control_line("me", &value, "other"));
	ATF_CHECK_STREQ("mx.example.test", value.s);
	ATF_CHECK_EQ(15, value.len);
	WRITE("me", "no end of line");
	ATF_CHECK_EQ(1, control_line("me", &value, NULL));
	ATF_CHECK_STREQ("no end of line", value.s);
	WRITE("me", "");
	ATF_CHECK_EQ(1, control_line("me", &value, "other"));
	ATF_CHECK_STREQ("", value.s);
}

ATF_TC_WITHOUT_HEAD(a_missing_file_means_the_default);
ATF_TC_BODY(a_missing_file_means_the_default, tc)
{
	unsigned long long n;

	ATF_CHECK_EQ(0, control_line("me", &value, "other"));
	ATF_CHECK_STREQ("other", value.s);
	ATF_CHECK_EQ(0, control_line("me", &value, NULL));
	ATF_CHECK_STREQ("", value.s);
	ATF_CHECK_EQ(0, control_number("quota", &n, 7));
	ATF_CHECK_EQ(7, n);
	ATF_CHECK_EQ(0, control_list("domains", &value));
	ATF_CHECK_EQ(0, value.len);
	ATF_CHECK_EQ(9, control_need_number("quota", 9));
}

ATF_TC_WITHOUT_HEAD(numbers_are_numbers);
ATF_TC_BODY(numbers_are_numbers, tc)
{
	unsigned long long n;

	WRITE("quota", "52428800\n");
	ATF_CHECK_EQ(1, control_number("quota", &n, 7));
	ATF_CHECK_EQ(52428800, n);
	ATF_CHECK_EQ(52428800, control_need_number("quota", 7));
	WRITE("quota", "9223372036854775807");
	ATF_CHECK_EQ(1, control_number("quota", &n, 7));
	WRITE("quota", "9223372036854775808");
	ATF_CHECK_EQ(-1, control_number("quota", &n, 7));
	ATF_CHECK_EQ(EINVAL, errno);
	WRITE("quota", "50 MB\n");
	ATF_CHECK_EQ(-1, control_number("quota", &n, 7));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_CHECK_EQ(7, n);
	WRITE("quota", "-1\n");
	ATF_CHECK_EQ(-1, control_number("quota", &n, 7));
	WRITE("quota", "");
	ATF_CHECK_EQ(-1, control_number("quota", &n, 7));
}

ATF_TC_WITHOUT_HEAD(a_list_is_what_is_not_empty_or_comment);
ATF_TC_BODY(a_list_is_what_is_not_empty_or_comment, tc)
{
	static const char wanted[] = "example.test\0 indented\0a#b\0last";

	WRITE("domains",
	    "# ours\n\nexample.test \t\r\n  \t\n#other\n indented\na#b\n\n\nlast");
	ATF_REQUIRE_EQ(1, control_list("domains", &value));
	ATF_REQUIRE_EQ(sizeof(wanted), value.len);
	ATF_CHECK(memcmp(value.s, wanted, sizeof(wanted)) == 0);
	WRITE("domains", "#only\n");
	ATF_CHECK_EQ(1, control_list("domains", &value));
	ATF_CHECK_EQ(0, value.len);
}

ATF_TC_WITHOUT_HEAD(binary_and_endless_files_are_refused);
ATF_TC_BODY(binary_and_endless_files_are_refused, tc)
{
	static char large[CONTROL_MAX + 1];

	WRITE("me", "mx\0.example.test\n");
	ATF_CHECK_EQ(-1, control_line("me", &value, NULL));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_CHECK_EQ(-1, control_list("me", &value));
	ATF_CHECK_EQ(EINVAL, errno);
	memset(large, 'a', sizeof(large));
	write_file("control/me", large, sizeof(large));
	ATF_CHECK_EQ(-1, control_line("me", &value, NULL));
	ATF_CHECK_EQ(EFBIG, errno);
	write_file("control/me", large, CONTROL_MAX);
	ATF_CHECK_EQ(1, control_line("me", &value, NULL));
	ATF_CHECK_EQ(CONTROL_MAX, value.len);
}

ATF_TC_WITHOUT_HEAD(what_is_no_file_is_an_error_and_holds_nobody);
ATF_TC_BODY(what_is_no_file_is_an_error_and_holds_nobody, tc)
{
	static char name[300];

	ATF_REQUIRE_EQ(0, mkdir("control", 0700));
	ATF_REQUIRE_EQ(0, mkdir("control/folder", 0700));
	ATF_REQUIRE_EQ(0, mkfifo("control/fifo", 0600));
	ATF_REQUIRE_EQ(0, symlink("loop", "control/loop"));
	ATF_CHECK_EQ(-1, control_list("folder", &value));
	ATF_CHECK_EQ(EISDIR, errno);
	ATF_CHECK(control_list("fifo", &value) != 0); /* and it returns */
	ATF_CHECK_EQ(-1, control_list("loop", &value));
	ATF_CHECK_EQ(ELOOP, errno);
	memset(name, 'a', sizeof(name) - 1);
	ATF_CHECK_EQ(-1, control_list(name, &value));
	ATF_CHECK_EQ(ENAMETOOLONG, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_line_counts_without_its_blanks);
	ATF_TP_ADD_TC(tp, a_missing_file_means_the_default);
	ATF_TP_ADD_TC(tp, numbers_are_numbers);
	ATF_TP_ADD_TC(tp, a_list_is_what_is_not_empty_or_comment);
	ATF_TP_ADD_TC(tp, binary_and_endless_files_are_refused);
	ATF_TP_ADD_TC(tp, what_is_no_file_is_an_error_and_holds_nobody);
	return atf_no_error();
}
