#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/starttls.h"

ATF_TC_WITHOUT_HEAD(it_is_active_when_a_variable_says_so);
ATF_TC_BODY(it_is_active_when_a_variable_says_so, tc)
{
	ATF_CHECK(!starttls_active());
	setenv("TLS_VERSION", "", 1);
	ATF_CHECK(!starttls_active());
	setenv("TLS_VERSION", "TLSv1.3", 1);
	ATF_CHECK(starttls_active());
	unsetenv("TLS_VERSION");
	setenv("SSL_PROTOCOL", "TLSv1.2", 1);
	ATF_CHECK(starttls_active());
}

ATF_TC_WITHOUT_HEAD(it_is_offered_when_somebody_would_do_it);
ATF_TC_BODY(it_is_offered_when_somebody_would_do_it, tc)
{
	ATF_CHECK(!starttls_offered());
	ATF_REQUIRE_EQ(0, mkdir("run", 0755));
	close(open("run/tls.sock", O_CREAT | O_WRONLY, 0600));
	ATF_CHECK(starttls_offered());
	ATF_REQUIRE_EQ(0, mkdir("state", 0755));
	ATF_REQUIRE_EQ(0, mkdir("state/tls", 0755));
	ATF_CHECK(starttls_offered());
	close(open("state/tls/unusable", O_CREAT | O_WRONLY, 0600));
	ATF_CHECK(!starttls_offered());
	ATF_REQUIRE_EQ(0, unlink("state/tls/unusable"));
	setenv("UCSPITLS", "-", 1);
	ATF_CHECK(!starttls_offered());
	setenv("UCSPITLS", "", 1);
	ATF_CHECK(starttls_offered());
	setenv("TLS_VERSION", "TLSv1.3", 1);
	ATF_CHECK(!starttls_offered());
}

ATF_TC_WITHOUT_HEAD(it_is_required_until_it_is_active);
ATF_TC_BODY(it_is_required_until_it_is_active, tc)
{
	ATF_CHECK(!starttls_required());
	setenv("UCSPITLS", "!", 1);
	ATF_CHECK(starttls_required());
	setenv("TLS_VERSION", "TLSv1.3", 1);
	ATF_CHECK(!starttls_required());
}

ATF_TC_WITHOUT_HEAD(nobody_is_told_when_nobody_would_do_it);
ATF_TC_BODY(nobody_is_told_when_nobody_would_do_it, tc)
{
	struct starttls how = {.seconds = 1};
	const char *reason = NULL;

	ATF_CHECK_EQ(STARTTLS_UNAVAILABLE, starttls_run("220\r\n", &how, &reason));
	ATF_CHECK_STREQ("unable to connect to run/tls.sock", reason);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_is_active_when_a_variable_says_so);
	ATF_TP_ADD_TC(tp, it_is_offered_when_somebody_would_do_it);
	ATF_TP_ADD_TC(tp, it_is_required_until_it_is_active);
	ATF_TP_ADD_TC(tp, nobody_is_told_when_nobody_would_do_it);
	return atf_no_error();
}
