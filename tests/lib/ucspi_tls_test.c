#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/ucspi_tls.h"

#define CONTROL 10
#define CLEAR 11

static int told[2], control[2], clear[2];

/* What the TLS server offers: three descriptors, as s6-ucspitlsd does. */
static void
offer(void)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, control));
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, clear));
	ATF_REQUIRE_EQ(0, pipe(told));
	setenv("SSLCTLFD", "10", 1);
	setenv("SSLREADFD", "11", 1);
	setenv("SSLWRITEFD", "12", 1);
}

/* The exit code of a child that begins with it: 0 when all is as it should be. */
static int
begin(const char *variables, size_t len)
{
	const char *reason;
	int status;
	pid_t pid;

	ATF_REQUIRE_EQ((ssize_t)len, write(control[0], variables, len));
	ATF_REQUIRE_EQ(0, shutdown(control[0], SHUT_WR));
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		dup2(told[1], 1);
		dup2(control[1], CONTROL);
		dup2(clear[1], CLEAR);
		dup2(clear[1], CLEAR + 1);
		if (!ucspi_tls_offered() || ucspi_tls_begin("go\r\n", 5, &reason) == -1)
			_exit(1);
		if (ucspi_tls_offered() || getenv("PATH_OF_EVIL") != NULL ||
		    strcmp(getenv("SSL_PROTOCOL"), "TLSv1.3") != 0)
			_exit(2);
		_exit(write(1, "clear", 5) == 5 ? 0 : 3);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return WEXITSTATUS(status);
}

#define BEGIN(s) begin(s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(the_clear_text_takes_the_place_of_the_network);
ATF_TC_BODY(the_clear_text_takes_the_place_of_the_network, tc)
{
	char s[100];

	offer();
	ATF_CHECK_EQ(0, BEGIN("SSL_PROTOCOL=TLSv1.3\0PATH_OF_EVIL=1\0\0"));
	ATF_CHECK_EQ(4, read(told[0], s, sizeof(s)));
	ATF_CHECK_EQ(0, memcmp(s, "go\r\n", 4));
	ATF_CHECK_EQ(1, read(control[0], s, sizeof(s)));
	ATF_CHECK_EQ('Y', s[0]);
	ATF_CHECK_EQ(5, read(clear[0], s, sizeof(s)));
}

ATF_TC_WITHOUT_HEAD(a_server_that_ends_early_has_failed);
ATF_TC_BODY(a_server_that_ends_early_has_failed, tc)
{
	offer();
	ATF_CHECK_EQ(1, BEGIN("SSL_PROTOCOL=TLSv1.3\0"));
}

ATF_TC_WITHOUT_HEAD(it_is_offered_by_numbers_only);
ATF_TC_BODY(it_is_offered_by_numbers_only, tc)
{
	ATF_CHECK(!ucspi_tls_offered());
	setenv("SSLCTLFD", "10", 1);
	setenv("SSLREADFD", "x", 1);
	setenv("SSLWRITEFD", "12", 1);
	ATF_CHECK(!ucspi_tls_offered());
	setenv("STARTTLSFD", "5", 1);
	ATF_CHECK(ucspi_tls_offered());
}

ATF_TC_WITHOUT_HEAD(the_reply_may_be_wanted_elsewhere);
ATF_TC_BODY(the_reply_may_be_wanted_elsewhere, tc)
{
	const char *reason;
	char s[100];

	ATF_REQUIRE_EQ(0, pipe(told));
	snprintf(s, sizeof(s), "%d", told[1]);
	setenv("STARTTLSFD", s, 1);
	ATF_REQUIRE_EQ(0, ucspi_tls_begin("220\r\n", 5, &reason));
	ATF_CHECK_EQ(5, read(told[0], s, sizeof(s)));
	ATF_CHECK_EQ(0, read(told[0], s, sizeof(s)));
	ATF_CHECK(!ucspi_tls_offered());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_clear_text_takes_the_place_of_the_network);
	ATF_TP_ADD_TC(tp, a_server_that_ends_early_has_failed);
	ATF_TP_ADD_TC(tp, it_is_offered_by_numbers_only);
	ATF_TP_ADD_TC(tp, the_reply_may_be_wanted_elsewhere);
	return atf_no_error();
}
