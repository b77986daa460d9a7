#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "smtp/oddity.h"

static struct session session = {.client = "192.0.2.1", .login = -1};

/* How many lines the log has, which is read here. */
static unsigned
logged(int fd)
{
	char s[4096];
	ssize_t len = pread(fd, s, sizeof(s), 0), i;
	unsigned lines = 0;

	for (i = 0; i < len; i++)
		lines += s[i] == '\n';
	return lines;
}

static int
begin_log(void)
{
	int fd = open("log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);

	ATF_REQUIRE(dup2(fd, 2) == 2);
	return fd;
}

ATF_TC_WITHOUT_HEAD(each_is_logged_once_a_session);
ATF_TC_BODY(each_is_logged_once_a_session, tc)
{
	int fd = begin_log(), i, round;
	unsigned before;

	for (round = 0; round < 2; round++)
		for (i = ODDITY_BARE_PATH; i <= ODDITY_HEADLESS; i++) {
			before = logged(fd);
			oddity_note(&session, (enum oddity)i);
			ATF_CHECK_EQ_MSG(round == 0, logged(fd) - before, "%d", i);
		}
	session.oddities = 0;
	oddity_note(&session, ODDITY_DOTS);
	ATF_CHECK_EQ(ODDITY_HEADLESS + 2, logged(fd));
}

ATF_TC_WITHOUT_HEAD(only_our_own_may_leave_the_cr_out);
ATF_TC_BODY(only_our_own_may_leave_the_cr_out, tc)
{
	int fd = begin_log();
	size_t len = 5;

	unsetenv("AUTHUSER");
	unsetenv("RELAYCLIENT");
	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	ATF_CHECK_EQ(1, oddity_trim_end(&session, "NOOP\r", &len));
	ATF_CHECK_EQ(4, len);
	ATF_CHECK_EQ(0, oddity_trim_end(&session, "NOOP", &len));
	ATF_CHECK_EQ(4, len);
	len = 0;
	ATF_CHECK_EQ(0, oddity_trim_end(&session, "", &len));
	ATF_CHECK_EQ(0, logged(fd));
	setenv("AUTHUSER", "joe@x.test", 1);
	len = 4;
	ATF_CHECK_EQ(1, oddity_trim_end(&session, "NOOP", &len));
	ATF_CHECK_EQ(4, len);
	ATF_CHECK_EQ(1, logged(fd));
	/* one CR is a line end, two are not */
	len = 6;
	ATF_CHECK_EQ(1, oddity_trim_end(&session, "NOOP\r\r", &len));
	ATF_CHECK_EQ(5, len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_is_logged_once_a_session);
	ATF_TP_ADD_TC(tp, only_our_own_may_leave_the_cr_out);
	return atf_no_error();
}
