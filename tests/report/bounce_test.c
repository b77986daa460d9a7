#include <string.h>

#include <atf-c.h>

#include "report/bounce_orcpt.h"
#include "report/field.h"
#include "report/original.h"
#include "report/utf8_address.h"
#include "report/words.h"

ATF_TC_WITHOUT_HEAD(advice_goes_by_the_whole_code);
ATF_TC_BODY(advice_goes_by_the_whole_code, tc)
{
	ATF_CHECK(strstr(words_advice("5.1.1"), "such a mailbox does not exist"));
	ATF_CHECK(strstr(words_advice("5.1.10"), "no mail at all"));
	ATF_CHECK(strstr(words_advice("5.1.20"), "such a mailbox does not exist"));
	ATF_CHECK(strstr(words_advice("5.10.1"), "ask our postmaster"));
	ATF_CHECK(strstr(words_advice("-"), "ask our postmaster"));
}

ATF_TC_WITHOUT_HEAD(fields_are_folded);
ATF_TC_BODY(fields_are_folded, tc)
{
	stralloc sa = {0};

	field_put(&sa, "Diagnostic-Code",
	    "smtp; 550 5.7.1 a long explanation of why this message was not taken by the "
	    "server",
	    0);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Diagnostic-Code: smtp; 550 5.7.1 a long explanation of why this "
			"message was\n"
			"    not taken by the server\n",
	    sa.s);
	sa.len = 0;
	field_put(&sa, "A", "one\ntwo\377", 0);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("A: one?two?\n", sa.s);
	sa.len = 0;
	field_put(&sa, "A", "j\xc3\xb6rg \xc3 \xc2\x85 \xe2\x80\xae \xe2\x82", 1);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("A: j\xc3\xb6rg ? ?? ??? ??\n", sa.s);
}

ATF_TC_WITHOUT_HEAD(addresses_that_are_not_ascii_are_written_so);
ATF_TC_BODY(addresses_that_are_not_ascii_are_written_so, tc)
{
	stralloc sa = {0};

	field_put_address(&sa, "Final-Recipient", "a@b.c", 1);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Final-Recipient: rfc822; a@b.c\n", sa.s);
	sa.len = 0;
	field_put_address(&sa, "Final-Recipient", "j\xc3\xb6rg+x@\xe2\x82\xac.eu", 0);
	stralloc_0(&sa);
	ATF_CHECK_STREQ(
	    "Final-Recipient: utf-8; j\\x{F6}rg\\x{2B}x@\\x{20AC}.eu\n", sa.s);
	sa.len = 0;
	field_put_address(&sa, "Final-Recipient", "j\xc3\xb6rg+x@b.c", 1);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Final-Recipient: utf-8; j\xc3\xb6rg+x@b.c\n", sa.s);
	sa.len = 0;
	field_put_address(&sa, "Final-Recipient", "\xff@b.c", 1);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Final-Recipient: rfc822; ?@b.c\n", sa.s);
}

static void
check_decoded(const char *s, const char *expected)
{
	stralloc sa = {0}, ascii = {0}, again = {0};

	if (expected == NULL) {
		ATF_CHECK_MSG(!utf8_address_decode(&sa, s, strlen(s)), "%s", s);
		return;
	}
	ATF_REQUIRE_MSG(utf8_address_decode(&sa, s, strlen(s)), "%s", s);
	utf8_address_encode(&ascii, sa.s, sa.len, 1000);
	ATF_CHECK(utf8_address_decode(&again, ascii.s, ascii.len));
	stralloc_0(&sa);
	ATF_CHECK_STREQ(expected, sa.s);
}

ATF_TC_WITHOUT_HEAD(both_forms_of_an_address_are_read);
ATF_TC_BODY(both_forms_of_an_address_are_read, tc)
{
	check_decoded("a@b.c", "a@b.c");
	check_decoded("j\\x{F6}rg\\x{2B}x@\\x{20AC}.eu", "j\xc3\xb6rg+x@\xe2\x82\xac.eu");
	check_decoded("j\xc3\xb6rg\\x{2B}x@b.c", "j\xc3\xb6rg+x@b.c");
	check_decoded("\\x{1F600}@b.c", "\xf0\x9f\x98\x80@b.c");
	check_decoded(
	    "a\\x{}\\x{g}\\x{1234567}\\x{20\\x", "a\\x{}\\x{g}\\x{1234567}\\x{20\\x");
	check_decoded("\\x{A}", NULL);
	check_decoded("\\x{0}", NULL);
	check_decoded("\\x{85}", NULL);
	check_decoded("\\x{D800}", NULL);
	check_decoded("\\x{110000}@b.c", "\\x{110000}@b.c");
	check_decoded("\xff", NULL);
}

ATF_TC_WITHOUT_HEAD(code_points_have_as_many_digits_as_they_need);
ATF_TC_BODY(code_points_have_as_many_digits_as_they_need, tc)
{
	static const char s[] =
	    "\\\xc3\xb6\xc4\x80\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf";
	stralloc sa = {0};

	utf8_address_encode(&sa, s, strlen(s), 1000);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("\\x{5C}\\x{F6}\\x{100}\\x{20AC}\\x{1F600}\\x{10FFFF}", sa.s);
}

static void
check_orcpt(const char *value, const char *type, const char *address)
{
	struct bounce_orcpt o = {0};

	ATF_CHECK_EQ_MSG(address != NULL, bounce_orcpt_parse(&o, value), "%s", value);
	if (address != NULL) {
		ATF_CHECK_STREQ(type, o.type.s);
		ATF_CHECK_STREQ(address, o.address.s);
	}
	bounce_orcpt_free(&o);
}

ATF_TC_WITHOUT_HEAD(the_address_first_written_to_is_decoded_by_its_type);
ATF_TC_BODY(the_address_first_written_to_is_decoded_by_its_type, tc)
{
	check_orcpt("rfc822;a+2Bb@c.d", "rfc822", "a+b@c.d");
	check_orcpt("x400;/C+3Dx;/", "x400", "/C=x;/");
	check_orcpt("UTF-8;j\\x{F6}@b.c", "UTF-8", "j\xc3\xb6@b.c");
	check_orcpt("utf-8;j\xc3\xb6@b.c", "utf-8", "j\xc3\xb6@b.c");
	check_orcpt("rfc822;", "rfc822", "");
	check_orcpt("rfc822;a+0Ab", NULL, NULL);
	check_orcpt("rfc822;j\xc3\xb6@b.c", NULL, NULL);
	check_orcpt("utf-8;\\x{7}", NULL, NULL);
	check_orcpt("rfc822", NULL, NULL);
}

static struct original
original(const char *s, size_t len, int whole)
{
	struct original o = {0};
	stralloc message = {0};

	stralloc_copyb(&message, s, len);
	original_take(&o, &message, whole, 0);
	stralloc_0(&o.bytes);
	return o;
}

ATF_TC_WITHOUT_HEAD(of_an_original_goes_back_what_a_part_can_hold);
ATF_TC_BODY(of_an_original_goes_back_what_a_part_can_hold, tc)
{
	struct original o;

	o = original("A: b\r\n\r\nbody", 12, 1);
	ATF_CHECK(o.whole && !o.unfit && !o.cut);
	ATF_CHECK_STREQ("A: b\n\nbody\n", o.bytes.s);
	o = original("A: b\n\nbo\0dy\n", 12, 1);
	ATF_CHECK(!o.whole && o.unfit && !o.cut);
	ATF_CHECK_STREQ("A: b\n", o.bytes.s);
	/* cut at a line only */
	o = original("A: b\nC: d", 9, 0);
	ATF_CHECK(!o.whole && o.cut);
	ATF_CHECK_STREQ("A: b\n", o.bytes.s);
	o = original("A: b\n", 5, 0);
	ATF_CHECK(o.cut);
	o = original("A: b\n\nbod", 9, 0);
	ATF_CHECK(!o.whole && !o.cut);
	o = original("A: b\nC: d", 9, 1);
	ATF_CHECK(o.whole);
	ATF_CHECK_STREQ("A: b\nC: d\n", o.bytes.s);
	o = original("", 0, 1);
	ATF_CHECK(o.whole && !o.cut);
	ATF_CHECK_STREQ("", o.bytes.s);
}

ATF_TC_WITHOUT_HEAD(the_message_id_is_found_where_it_stands_alone);
ATF_TC_BODY(the_message_id_is_found_where_it_stands_alone, tc)
{
	static const struct {
		const char *header, *id;
	} cases[] = {{"A: b\nMessage-Id: <a@b>\nC: d\n\n", "<a@b>"},
	    {"message-id:\n <a@b> (x)\n\n", "<a@b>"}, {"X-Message-ID: <a@b>\n\n", ""},
	    {"Message-ID: <a b>\n\n", ""}, {"Message-ID: <a\n >\n\n", ""},
	    {"Message-ID: a\nX: <b>\n\n", ""}, {"\nMessage-ID: <a@b>\n", ""},
	    {"Message-ID: <\xc3\xb6@b>\n\n", ""}, {"Message-ID:", ""}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
		ATF_CHECK_STREQ(cases[i].id,
		    original(cases[i].header, strlen(cases[i].header), 1).message_id.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, advice_goes_by_the_whole_code);
	ATF_TP_ADD_TC(tp, fields_are_folded);
	ATF_TP_ADD_TC(tp, addresses_that_are_not_ascii_are_written_so);
	ATF_TP_ADD_TC(tp, both_forms_of_an_address_are_read);
	ATF_TP_ADD_TC(tp, code_points_have_as_many_digits_as_they_need);
	ATF_TP_ADD_TC(tp, the_address_first_written_to_is_decoded_by_its_type);
	ATF_TP_ADD_TC(tp, of_an_original_goes_back_what_a_part_can_hold);
	ATF_TP_ADD_TC(tp, the_message_id_is_found_where_it_stands_alone);
	return atf_no_error();
}
