#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "admin/text_file.h"
#include "admin/user_edit.h"

static struct text_file file;

static void
hold(const char *s)
{
	ATF_REQUIRE(stralloc_copys(&file.bytes, s));
}

static int
holds(const char *s)
{
	return file.bytes.len == strlen(s) &&
	       memcmp(file.bytes.s, s, file.bytes.len) == 0;
}

ATF_TC_WITHOUT_HEAD(lines_that_say_nothing_are_passed_over_but_counted);
ATF_TC_BODY(lines_that_say_nothing_are_passed_over_but_counted, tc)
{
	struct text_line line = {0};

	hold("# a\n\n \t\nfirst \t\r\nlast");
	ATF_REQUIRE_EQ(1, text_file_next(&file, &line));
	ATF_CHECK_EQ(4, line.number);
	ATF_CHECK_EQ(5, line.len);
	ATF_CHECK(memcmp(line.s, "first", 5) == 0);
	ATF_REQUIRE_EQ(1, text_file_next(&file, &line));
	ATF_CHECK_EQ(5, line.number);
	ATF_CHECK_EQ(file.bytes.len, line.end);
	ATF_CHECK_EQ(0, text_file_next(&file, &line));
	ATF_CHECK_EQ(0, text_file_next(&file, &line));
}

ATF_TC_WITHOUT_HEAD(missing_file_is_empty);
ATF_TC_BODY(missing_file_is_empty, tc)
{
	ATF_CHECK_EQ(0, text_file_read(&file, "none"));
	ATF_CHECK_EQ(0, file.was_there);
	ATF_CHECK_EQ(0, file.bytes.len);
}

ATF_TC_WITHOUT_HEAD(folder_is_no_file);
ATF_TC_BODY(folder_is_no_file, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("folder", 0700));
	ATF_CHECK_EQ(-1, text_file_read(&file, "folder"));
	ATF_CHECK_EQ(EISDIR, errno);
}

ATF_TC_WITHOUT_HEAD(a_line_is_replaced_in_its_place);
ATF_TC_BODY(a_line_is_replaced_in_its_place, tc)
{
	hold("a@x.test:1\n# c\nB@x.test:2\nd@x.test:3\n");
	user_edit_set(&file, "b@x.test", 8, "b@x.test:longer", 15);
	ATF_CHECK(holds("a@x.test:1\n# c\nb@x.test:longer\nd@x.test:3\n"));
	ATF_CHECK_EQ(1, user_edit_drop(&file, "a@x.test", 8));
	ATF_CHECK(holds("# c\nb@x.test:longer\nd@x.test:3\n"));
	ATF_CHECK_EQ(0, user_edit_drop(&file, "a@x.test", 8));
}

ATF_TC_WITHOUT_HEAD(a_new_line_goes_to_the_end_and_completes_the_last);
ATF_TC_BODY(a_new_line_goes_to_the_end_and_completes_the_last, tc)
{
	hold("a@x.test:1");
	user_edit_set(&file, "b@x.test", 8, "b@x.test:2", 10);
	ATF_CHECK(holds("a@x.test:1\nb@x.test:2\n"));
}

ATF_TC_WITHOUT_HEAD(domains_are_the_same_in_any_case_and_with_a_dot);
ATF_TC_BODY(domains_are_the_same_in_any_case_and_with_a_dot, tc)
{
	hold("# x.test\nExample.TEST.\nother.test\n");
	ATF_CHECK(user_edit_is_domain(&file, "example.test", 12));
	ATF_CHECK(user_edit_is_domain(&file, "other.test", 10));
	ATF_CHECK(!user_edit_is_domain(&file, "x.test", 6));
	ATF_CHECK(!user_edit_is_domain(&file, "r.test", 6));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_that_say_nothing_are_passed_over_but_counted);
	ATF_TP_ADD_TC(tp, missing_file_is_empty);
	ATF_TP_ADD_TC(tp, folder_is_no_file);
	ATF_TP_ADD_TC(tp, a_line_is_replaced_in_its_place);
	ATF_TP_ADD_TC(tp, a_new_line_goes_to_the_end_and_completes_the_last);
	ATF_TP_ADD_TC(tp, domains_are_the_same_in_any_case_and_with_a_dot);
	return atf_no_error();
}
