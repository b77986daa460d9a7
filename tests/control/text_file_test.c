#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "control/text_file.h"

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

ATF_TC_WITHOUT_HEAD(bytes_are_replaced_in_their_place);
ATF_TC_BODY(bytes_are_replaced_in_their_place, tc)
{
	hold("one\ntwo\nthree\n");
	text_file_splice(&file, 4, 8, "longer than two\n", 16);
	ATF_CHECK(holds("one\nlonger than two\nthree\n"));
	text_file_splice(&file, 4, 20, "", 0);
	ATF_CHECK(holds("one\nthree\n"));
	text_file_splice(&file, 10, 10, "end", 3);
	ATF_CHECK(holds("one\nthree\nend"));
}

ATF_TC_WITHOUT_HEAD(a_new_line_completes_the_last);
ATF_TC_BODY(a_new_line_completes_the_last, tc)
{
	hold("");
	text_file_append(&file, "one", 3);
	ATF_CHECK(holds("one\n"));
	text_file_append(&file, "two", 3);
	ATF_CHECK(holds("one\ntwo\n"));
	hold("one");
	text_file_append(&file, "two", 3);
	ATF_CHECK(holds("one\ntwo\n"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_that_say_nothing_are_passed_over_but_counted);
	ATF_TP_ADD_TC(tp, missing_file_is_empty);
	ATF_TP_ADD_TC(tp, folder_is_no_file);
	ATF_TP_ADD_TC(tp, bytes_are_replaced_in_their_place);
	ATF_TP_ADD_TC(tp, a_new_line_completes_the_last);
	return atf_no_error();
}
