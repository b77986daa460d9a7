#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/envelope.h"

static struct envelope e;

/* The literal s without its own \0; its bytes stay until the next call. */
#define PARSE(s) parse(s, sizeof(s) - 1)

static int
parse(const char *s, size_t len)
{
	static char *copy;

	free(copy);
	copy = malloc(len > 0 ? len : 1);
	memcpy(copy, s, len);
	return envelope_parse(&e, copy, len);
}

ATF_TC_WITHOUT_HEAD(sender_and_recipients_are_found);
ATF_TC_BODY(sender_and_recipients_are_found, tc)
{
	ATF_REQUIRE_EQ(ENVELOPE_OK, PARSE("Fa@b\0Tc@d\0Te f@g\0\0"));
	ATF_CHECK_STREQ("a@b", e.sender);
	ATF_REQUIRE_EQ(2, e.count);
	ATF_CHECK_STREQ("c@d", e.recipients[0].address);
	ATF_CHECK_STREQ("e f@g", e.recipients[1].address);
	ATF_CHECK(envelope_parameter(&e, "id") == NULL);
	ATF_CHECK(envelope_recipient_parameter(&e, 1, "NOTIFY") == NULL);
	ATF_REQUIRE_EQ(ENVELOPE_OK, PARSE("F\0Tc@d\0\0"));
	ATF_CHECK_STREQ("", e.sender);
	ATF_CHECK_EQ(1, e.count);
}

ATF_TC_WITHOUT_HEAD(parameters_belong_to_the_message_or_to_one_recipient);
ATF_TC_BODY(parameters_belong_to_the_message_or_to_one_recipient, tc)
{
	ATF_REQUIRE_EQ(ENVELOPE_OK,
	    PARSE("F\0PBODY=8BITMIME\0PENVID=a=b\0NNOTIFY=NEVER\0NORCPT=\0Ta@b\0Tc@d\0"
		  "NNOTIFY=DELAY\0Te@f\0\0"));
	ATF_CHECK_STREQ("8BITMIME", envelope_parameter(&e, "BODY"));
	ATF_CHECK_STREQ("a=b", envelope_parameter(&e, "ENVID"));
	ATF_CHECK(envelope_parameter(&e, "NOTIFY") == NULL);
	ATF_CHECK_STREQ("NEVER", envelope_recipient_parameter(&e, 0, "NOTIFY"));
	ATF_CHECK_STREQ("", envelope_recipient_parameter(&e, 0, "ORCPT"));
	ATF_CHECK(envelope_recipient_parameter(&e, 1, "NOTIFY") == NULL);
	ATF_CHECK_STREQ("DELAY", envelope_recipient_parameter(&e, 2, "NOTIFY"));
	ATF_CHECK(envelope_recipient_parameter(&e, 2, "ORCPT") == NULL);
}

ATF_TC_WITHOUT_HEAD(nothing_but_the_last_byte_commits);
ATF_TC_BODY(nothing_but_the_last_byte_commits, tc)
{
	static const char whole[] = "F\0PBODY=7BIT\0NNOTIFY=NEVER\0Ta@b\0\0";
	size_t len;

	for (len = 0; len < sizeof(whole) - 2; len++)
		ATF_CHECK_EQ(ENVELOPE_INCOMPLETE, parse(whole, len));
	ATF_CHECK_EQ(ENVELOPE_OK, parse(whole, sizeof(whole) - 1));
}

ATF_TC_WITHOUT_HEAD(malformed_ones_are_refused);
ATF_TC_BODY(malformed_ones_are_refused, tc)
{
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0\0"));          /* no recipient */
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("Ta@b\0\0"));       /* no sender */
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0F\0Ta@b\0\0")); /* two */
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0T\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Xa@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta@b\0\0x"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta@b\0\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta@b\0PBODY=7BIT\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0NA=B\0PBODY=7BIT\0Ta@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta@b\0NNOTIFY=NEVER\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0PBODY\0Ta@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0P=x\0Ta@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0PA=\n\0Ta@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("Fa\n@b\0Ta@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta\r@b\0\0"));
	ATF_CHECK_EQ(ENVELOPE_MALFORMED, PARSE("F\0Ta\177@b\0\0"));
}

ATF_TC_WITHOUT_HEAD(an_address_has_its_maximum);
ATF_TC_BODY(an_address_has_its_maximum, tc)
{
	static char s[2 * ENVELOPE_ADDRESS_MAX + 10];
	size_t n = ENVELOPE_ADDRESS_MAX;

	memset(s, 'a', sizeof(s));
	s[0] = 'F';
	s[n + 1] = '\0';
	s[n + 2] = 'T';
	s[2 * n + 3] = s[2 * n + 4] = '\0';
	ATF_CHECK_EQ(ENVELOPE_OK, parse(s, 2 * n + 5));
	s[2 * n + 3] = 'a';
	s[2 * n + 5] = '\0';
	ATF_CHECK_EQ(ENVELOPE_LONG, parse(s, 2 * n + 6));
	s[n + 1] = 'a';
	s[n + 2] = '\0';
	ATF_CHECK_EQ(ENVELOPE_LONG, parse(s, 2 * n + 6));
}

ATF_TC_WITHOUT_HEAD(what_is_built_is_parsed_and_the_arrays_are_used_again);
ATF_TC_BODY(what_is_built_is_parsed_and_the_arrays_are_used_again, tc)
{
	stralloc sa = {0};
	char address[] = "aaa@b";
	int round, i;

	for (round = 0; round < 3; round++) {
		envelope_begin(&sa, "a@b");
		envelope_put_parameter(&sa, "id", "x");
		for (i = 0; i < 3000 - round * 1400; i++) {
			address[0] = (char)('a' + i % 26);
			address[1] = (char)('a' + i / 26 % 26);
			envelope_put_notice(&sa, "NOTIFY", address);
			envelope_put_recipient(&sa, address);
		}
		envelope_end(&sa);
		ATF_REQUIRE_EQ(ENVELOPE_OK, parse(sa.s, sa.len));
		ATF_REQUIRE_EQ(3000 - round * 1400, e.count);
		ATF_CHECK_STREQ(address, e.recipients[e.count - 1].address);
		ATF_CHECK_STREQ(
		    address, envelope_recipient_parameter(&e, e.count - 1, "NOTIFY"));
	}
	envelope_free(&e);
	ATF_CHECK(e.recipients == NULL && e.count == 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sender_and_recipients_are_found);
	ATF_TP_ADD_TC(tp, parameters_belong_to_the_message_or_to_one_recipient);
	ATF_TP_ADD_TC(tp, nothing_but_the_last_byte_commits);
	ATF_TP_ADD_TC(tp, malformed_ones_are_refused);
	ATF_TP_ADD_TC(tp, an_address_has_its_maximum);
	ATF_TP_ADD_TC(tp, what_is_built_is_parsed_and_the_arrays_are_used_again);
	return atf_no_error();
}
