#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "milter/milter_fields.h"

static struct milter_fields fields;

/* Begin anew, with our own field above two of a message. */
static void
begin(int is_verbatim)
{
	milter_fields_free(&fields);
	fields.is_verbatim = is_verbatim;
	milter_fields_append(&fields, "Received: x\n", 12, 1);
	milter_fields_append(&fields, "A : 1\n", 6, 0);
	milter_fields_append(&fields, "b: 2\n\tfolded\n", 13, 0);
}

static const char *
written(void)
{
	static stralloc out;

	out.len = 0;
	milter_fields_write(&fields, &out);
	text_terminate(&out);
	return out.s;
}

ATF_TC_WITHOUT_HEAD(fields_stand_where_they_are_wanted);
ATF_TC_BODY(fields_stand_where_they_are_wanted, tc)
{
	begin(0);
	ATF_CHECK(milter_fields_insert(&fields, 1, "One", "1"));
	ATF_CHECK(milter_fields_insert(&fields, 0, "Zero", "0"));
	ATF_CHECK(milter_fields_insert(&fields, 99, "Far", "f"));
	ATF_CHECK(milter_fields_add(&fields, "Last", "l"));
	ATF_CHECK_STREQ("Zero: 0\nReceived: x\nOne: 1\nA : 1\nb: 2\n\tfolded\nFar: f\n"
			"Last: l\n",
	    written());
}

ATF_TC_WITHOUT_HEAD(fields_are_changed_by_name_and_number);
ATF_TC_BODY(fields_are_changed_by_name_and_number, tc)
{
	begin(0);
	ATF_CHECK(milter_fields_change(&fields, 1, "B", "new"));
	ATF_CHECK(milter_fields_change(&fields, 0, "a", "first"));
	ATF_CHECK(milter_fields_change(&fields, 2, "a", "second"));
	ATF_CHECK(milter_fields_change(&fields, 1, "none", ""));
	/* ours is none that could be changed */
	ATF_CHECK(milter_fields_change(&fields, 1, "Received", ""));
	ATF_CHECK_STREQ("Received: x\na: first\nB: new\na: second\n", written());
	ATF_CHECK(milter_fields_change(&fields, 1, "A", ""));
	ATF_CHECK(milter_fields_change(&fields, 1, "A", ""));
	ATF_CHECK_STREQ("Received: x\nB: new\n", written());
}

ATF_TC_WITHOUT_HEAD(a_value_is_one_field);
ATF_TC_BODY(a_value_is_one_field, tc)
{
	static const char *const cases[][2] = {{"x", "N: x\n"}, {" x", "N: x\n"},
	    {"\tx", "N:\tx\n"}, {"", "N:\n"}, {"x\n", "N: x\n"}, {"x\r\n", "N: x\n"},
	    {"x\ny: z", "N: x\n\ty: z\n"}, {"x\r\n y", "N: x\n y\n"},
	    {"x\n\ny", "N: x\n\ty\n"}, {"x\r\n\r\n\r\ny", "N: x\n\ty\n"},
	    {"x\ry", "N: xy\n"}, {"x\n \n", "N: x\n"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		milter_fields_free(&fields);
		fields.is_verbatim = 0;
		ATF_CHECK(milter_fields_add(&fields, "N", cases[i][0]));
		ATF_CHECK_STREQ(cases[i][1], written());
	}
	begin(1);
	ATF_CHECK(milter_fields_add(&fields, "N", "x"));
	ATF_CHECK(strstr(written(), "\nN:x\n") != NULL);
}

ATF_TC_WITHOUT_HEAD(what_is_no_name_is_refused);
ATF_TC_BODY(what_is_no_name_is_refused, tc)
{
	static const char *const none[] = {"", "a b", "a:", "a\n", "\xc3\xbc"};
	size_t i;

	begin(0);
	for (i = 0; i < sizeof none / sizeof *none; i++) {
		ATF_CHECK(!milter_fields_add(&fields, none[i], "x"));
		ATF_CHECK(!milter_fields_insert(&fields, 0, none[i], "x"));
		ATF_CHECK(!milter_fields_change(&fields, 1, none[i], ""));
	}
	ATF_CHECK_EQ(3, fields.count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, fields_stand_where_they_are_wanted);
	ATF_TP_ADD_TC(tp, fields_are_changed_by_name_and_number);
	ATF_TP_ADD_TC(tp, a_value_is_one_field);
	ATF_TP_ADD_TC(tp, what_is_no_name_is_refused);
	return atf_no_error();
}
