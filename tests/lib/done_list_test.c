#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/done_list.h"

static void
append(const char *s, size_t len)
{
	int fd = open("done", O_WRONLY | O_APPEND);

	ATF_REQUIRE_EQ((ssize_t)len, write(fd, s, len));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(what_is_done_is_known_the_next_time);
ATF_TC_BODY(what_is_done_is_known_the_next_time, tc)
{
	struct done_list list = DONE_LIST_CLOSED;

	ATF_REQUIRE_EQ(0, done_list_open(&list, "done"));
	ATF_CHECK(!done_list_has(&list, "a.test"));
	ATF_CHECK(!done_list_has(&list, ""));
	ATF_CHECK_EQ(0, done_list_add(&list, "a.test"));
	ATF_CHECK_EQ(0, done_list_add(&list, "b.test"));
	done_list_close(&list);
	ATF_REQUIRE_EQ(0, done_list_open(&list, "done"));
	ATF_CHECK(done_list_has(&list, "a.test"));
	ATF_CHECK(done_list_has(&list, "b.test"));
	ATF_CHECK(!done_list_has(&list, "b.tes"));
	ATF_CHECK(!done_list_has(&list, "test"));
	done_list_close(&list);
}

ATF_TC_WITHOUT_HEAD(a_name_that_is_cut_spoils_not_the_next);
ATF_TC_BODY(a_name_that_is_cut_spoils_not_the_next, tc)
{
	struct done_list list = DONE_LIST_CLOSED;
	int i;

	ATF_REQUIRE_EQ(0, done_list_open(&list, "done"));
	done_list_close(&list);
	append("a.test\0b.te", 11);
	for (i = 0; i < 2; i++) {
		ATF_REQUIRE_EQ(0, done_list_open(&list, "done"));
		ATF_CHECK(done_list_has(&list, "a.test"));
		ATF_CHECK_EQ(i, done_list_has(&list, "c.test"));
		ATF_CHECK(!done_list_has(&list, "b.te"));
		if (i == 0)
			ATF_CHECK_EQ(0, done_list_add(&list, "c.test"));
		done_list_close(&list);
	}
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_kept_is_told);
ATF_TC_BODY(what_can_not_be_kept_is_told, tc)
{
	struct done_list list = DONE_LIST_CLOSED;

	ATF_CHECK_EQ(-1, done_list_open(&list, "none/done"));
	ATF_CHECK_EQ(-1, done_list_add(&list, "a.test"));
	done_list_close(&list);
	ATF_REQUIRE_EQ(0, symlink("done", "link"));
	ATF_CHECK_EQ(-1, done_list_open(&list, "link"));
	done_list_close(&list);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_done_is_known_the_next_time);
	ATF_TP_ADD_TC(tp, a_name_that_is_cut_spoils_not_the_next);
	ATF_TP_ADD_TC(tp, what_can_not_be_kept_is_told);
	return atf_no_error();
}
