#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/control_again.h"

static struct control_again last;
static stralloc list;

static void
put(const char *name, const char *text)
{
	int fd;

	mkdir("control", 0700);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	close(fd);
}

static const char *
first(int wanted)
{
	ATF_CHECK_EQ(wanted, control_again_list(&last, "x", &list));
	return list.len > 0 ? list.s : "";
}

ATF_TC_WITHOUT_HEAD(every_change_is_seen);
ATF_TC_BODY(every_change_is_seen, tc)
{
	int i;

	ATF_CHECK_STREQ("", first(0));
	for (i = 0; i < 3; i++) {
		put("control/x", "one\n");
		ATF_CHECK_STREQ("one", first(1));
		ATF_CHECK_STREQ("one", first(1));
		/* as long, and perhaps within one tick of the clock */
		put("control/x", "two\n");
		ATF_CHECK_STREQ("two", first(1));
		put("control/y", "six\n");
		ATF_REQUIRE_EQ(0, rename("control/y", "control/x"));
		ATF_CHECK_STREQ("six", first(1));
	}
	ATF_REQUIRE_EQ(0, unlink("control/x"));
	ATF_CHECK_STREQ("", first(0));
	ATF_CHECK_STREQ("", first(0));
	put("control/x", "one\n");
	ATF_CHECK_STREQ("one", first(1));
}

/* What is told by the list itself: it was changed behind the back of the function. */
ATF_TC_WITHOUT_HEAD(what_is_known_is_not_read_again);
ATF_TC_BODY(what_is_known_is_not_read_again, tc)
{
	put("control/x", "one\n");
	ATF_CHECK_STREQ("one", first(1));
	ATF_CHECK(!last.is_known);
	sleep(3);
	ATF_CHECK_STREQ("one", first(1));
	ATF_CHECK(last.is_known);
	list.s[0] = 'O';
	ATF_CHECK_STREQ("One", first(1));
	put("control/x", "two\n");
	ATF_CHECK_STREQ("two", first(1));
}

ATF_TC_WITHOUT_HEAD(a_number_changes_with_its_file);
ATF_TC_BODY(a_number_changes_with_its_file, tc)
{
	unsigned long long n = 0;

	ATF_CHECK_EQ(0, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(7, n);
	ATF_CHECK_EQ(0, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(7, n);
	put("control/n", "8\n");
	ATF_CHECK_EQ(1, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(8, n);
	put("control/n", "9\n");
	ATF_CHECK_EQ(1, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(9, n);
	sleep(3);
	ATF_CHECK_EQ(1, control_again_number(&last, "n", &n, 7));
	ATF_CHECK(last.is_known);
	n = 10;
	ATF_CHECK_EQ(1, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ_MSG(10, n, "it is read again");
	put("control/n", "many\n");
	ATF_CHECK_EQ(-1, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(-1, control_again_number(&last, "n", &n, 7));
	ATF_REQUIRE_EQ(0, unlink("control/n"));
	ATF_CHECK_EQ(0, control_again_number(&last, "n", &n, 7));
	ATF_CHECK_EQ(7, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_number_changes_with_its_file);
	ATF_TP_ADD_TC(tp, every_change_is_seen);
	ATF_TP_ADD_TC(tp, what_is_known_is_not_read_again);
	return atf_no_error();
}
