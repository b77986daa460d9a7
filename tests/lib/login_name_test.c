#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/login_name.h"

static void
set_domain(const char *text)
{
	int fd;

	mkdir("control", 0755);
	fd = open("control/defaultdomain", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	close(fd);
}

static const char *
key_of(const char *name)
{
	static stralloc key;

	ATF_REQUIRE_EQ(0, login_name_key(&key, name));
	return key.s;
}

ATF_TC_WITHOUT_HEAD(a_name_without_domain_gets_ours);
ATF_TC_BODY(a_name_without_domain_gets_ours, tc)
{
	set_domain("Example.Test\n");
	ATF_CHECK_STREQ("ann@example.test", key_of("ann"));
	ATF_CHECK_STREQ("ann@example.test", key_of("ANN"));
	ATF_CHECK_STREQ("ann@elsewhere.test", key_of("Ann@Elsewhere.test"));
	ATF_CHECK_STREQ("ann@example.test", key_of("\"ann\"@example.test"));
}

ATF_TC_WITHOUT_HEAD(without_a_default_domain_no_name_becomes_another);
ATF_TC_BODY(without_a_default_domain_no_name_becomes_another, tc)
{
	ATF_CHECK_STREQ("ann@", key_of("ann"));
	ATF_CHECK_STREQ("ann@elsewhere.test", key_of("ann@elsewhere.test"));
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_read_is_no_default);
ATF_TC_BODY(what_can_not_be_read_is_no_default, tc)
{
	stralloc key = {0};

	ATF_REQUIRE_EQ(0, mkdir("control", 0755));
	ATF_REQUIRE_EQ(0, mkdir("control/defaultdomain", 0755));
	ATF_CHECK_EQ(-1, login_name_key(&key, "ann"));
	/* who names his domain needs none */
	ATF_CHECK_EQ(0, login_name_key(&key, "ann@example.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_name_without_domain_gets_ours);
	ATF_TP_ADD_TC(tp, without_a_default_domain_no_name_becomes_another);
	ATF_TP_ADD_TC(tp, what_can_not_be_read_is_no_default);
	return atf_no_error();
}
