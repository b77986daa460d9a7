#include <atf-c.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "admin/former_self.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"

static int
starts(const char *s, unsigned long long *start)
{
	return former_self_start(s, strlen(s), start);
}

ATF_TC_WITHOUT_HEAD(a_name_may_hold_anything);
ATF_TC_BODY(a_name_may_hold_anything, tc)
{
	unsigned long long start = 0;

	ATF_CHECK_EQ(1,
	    starts("7 (a) S 1 (b) R) S 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 4711 9 9\n",
		&start));
	ATF_CHECK_EQ(4711, start);
	ATF_CHECK_EQ(0, starts("", &start));
	ATF_CHECK_EQ(0, starts("7 (a)", &start));
	ATF_CHECK_EQ(0, starts("7 (a) S 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0", &start));
	ATF_CHECK_EQ(
	    0, starts("7 a S 1 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 1 1", &start));
}

ATF_TC_WITHOUT_HEAD(what_is_written_is_read);
ATF_TC_BODY(what_is_written_is_read, tc)
{
	struct former_self self, again;
	char s[FORMER_SELF_MAX];
	size_t len, i;

	ATF_REQUIRE_EQ(0, former_self_find(&self, (unsigned long long)getpid()));
	len = former_self_put(s, &self);
	ATF_REQUIRE(len < sizeof s);
	ATF_REQUIRE_EQ(1, former_self_scan(&again, s, len));
	ATF_CHECK_EQ(self.pid, again.pid);
	ATF_CHECK_EQ(self.start, again.start);
	ATF_CHECK_STREQ(self.boot, again.boot);
	for (i = 0; i < len; i++)
		ATF_CHECK_EQ(0, former_self_scan(&again, s, i));
	ATF_CHECK_EQ(0, former_self_scan(&again, "0 1 " BOOT "\n", 41));
	ATF_CHECK_EQ(0, former_self_scan(&again, "99999999999 1 " BOOT "\n", 51));
}

ATF_TC_WITHOUT_HEAD(another_of_that_number_is_not_found);
ATF_TC_BODY(another_of_that_number_is_not_found, tc)
{
	struct former_self self, other;
	int fd;

	ATF_REQUIRE_EQ(0, former_self_find(&self, (unsigned long long)getpid()));
	fd = former_self_open(&self);
	ATF_CHECK(fd != -1);
	close(fd);
	other = self;
	other.start--;
	errno = 0;
	ATF_CHECK_EQ(-1, former_self_open(&other));
	ATF_CHECK_EQ(ESRCH, errno);
	other = self;
	other.boot[0] = other.boot[0] == 'x' ? 'y' : 'x';
	ATF_CHECK_EQ(-1, former_self_open(&other));
	ATF_CHECK_EQ(ESRCH, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_name_may_hold_anything);
	ATF_TP_ADD_TC(tp, what_is_written_is_read);
	ATF_TP_ADD_TC(tp, another_of_that_number_is_not_found);
	return atf_no_error();
}
