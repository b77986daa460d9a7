#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "inspect/admin_log.h"
#include "lib/log.h"

static void
begin(void)
{
	errmsg_iam("x");
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("log", 0700));
}

static void
read_log(char *buf, size_t size)
{
	int fd = open("log/admin/current", O_RDONLY);
	ssize_t r;

	ATF_REQUIRE(fd != -1);
	r = read(fd, buf, size - 1);
	ATF_REQUIRE(r >= 0);
	buf[r] = '\0';
	close(fd);
}

ATF_TC_WITHOUT_HEAD(lines_stand_in_a_folder_as_those_of_the_services);
ATF_TC_BODY(lines_stand_in_a_folder_as_those_of_the_services, tc)
{
	char buf[1000], digits[17] = "";
	long long seconds;

	begin();
	ATF_REQUIRE_EQ(0, admin_log_open());
	log_event("a", "one", (char *)NULL);
	log_event("b", "two", (char *)NULL);
	ATF_CHECK_EQ(0, admin_log_sync());
	read_log(buf, sizeof buf);
	ATF_CHECK_EQ('@', buf[0]);
	ATF_CHECK(strstr(buf, " id=a at=x event=one\n@") == buf + 25);
	ATF_CHECK(strstr(buf, " id=b at=x event=two\n"));
	memcpy(digits, buf + 1, 16);
	seconds = strtoull(digits, NULL, 16) - 0x4000000000000000ULL - time(NULL);
	ATF_CHECK(seconds > 30 && seconds < 45);
}

ATF_TC_WITHOUT_HEAD(a_large_file_is_put_aside);
ATF_TC_BODY(a_large_file_is_put_aside, tc)
{
	char buf[1000];

	begin();
	ATF_REQUIRE_EQ(0, mkdir("log/admin", 0700));
	ATF_REQUIRE_EQ(0, close(creat("log/admin/current", 0600)));
	ATF_REQUIRE_EQ(0, truncate("log/admin/current", 2000000));
	ATF_REQUIRE_EQ(0, admin_log_open());
	log_event("a", "one", (char *)NULL);
	read_log(buf, sizeof buf);
	ATF_CHECK(strstr(buf, " id=a at=x event=one\n") == buf + 25);
	ATF_CHECK_EQ(0, system("test -s log/admin/@4*.s"));
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_logged_is_told);
ATF_TC_BODY(what_cannot_be_logged_is_told, tc)
{
	begin();
	ATF_REQUIRE_EQ(0, mkdir("log/admin", 0700));
	ATF_REQUIRE_EQ(0, symlink("/dev/full", "log/admin/current"));
	ATF_CHECK_EQ(-1, admin_log_open());

	ATF_REQUIRE_EQ(0, unlink("log/admin/current"));
	ATF_REQUIRE_EQ(0, rmdir("log/admin"));
	ATF_REQUIRE_EQ(0, rmdir("log"));
	ATF_CHECK_EQ(-1, admin_log_open());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_stand_in_a_folder_as_those_of_the_services);
	ATF_TP_ADD_TC(tp, a_large_file_is_put_aside);
	ATF_TP_ADD_TC(tp, what_cannot_be_logged_is_told);
	return atf_no_error();
}
