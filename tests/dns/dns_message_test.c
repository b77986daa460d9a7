#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "dns/dns_message.h"

#define A "\x00\x01\x00\x01"
#define TXT "\x00\x10\x00\x01"
#define CNAME "\x00\x05\x00\x01"
#define MX "\x00\x0f\x00\x01"
#define TTL "\x00\x00\x00\x3c" /* 60 */

static struct dns_answer answer;
static stralloc name, records;

/* Read header and body as the answer to a question for records of that type. */
static void
take(const char *header, const char *body, size_t len, unsigned type)
{
	/* a block of the very size: the sanitizer sees what is read beyond it */
	unsigned char *m = malloc(12 + len);

	memcpy(m, header, 12);
	memcpy(m + 12, body, len);
	records.len = 0;
	dns_message_read(&answer, &name, &records, m, 12 + len, type);
	answer.records = records.s;
	answer.records_len = records.len;
	free(m);
}

#define TAKE(header, body, type) take(header, body, sizeof(body) - 1, type)
#define HEADER(flags, answers, authorities)                                              \
	"\x12\x34" flags "\x00\x01\x00" answers "\x00" authorities "\x00\x00"

ATF_TC_WITHOUT_HEAD(records_are_found_behind_cnames);
ATF_TC_BODY(records_are_found_behind_cnames, tc)
{
	const char *s;
	size_t len;

	/* the address stands before the CNAME that leads to it, and another one beside */
	TAKE(HEADER("\x81\xa0", "\x03", "\x00"),
	    "\x03www\x04Test\x00" A "\x01"
	    "a\xc0\x10" A TTL "\x00\x04\xc0\x00\x02\x01"
	    "\x01z\xc0\x10" A TTL "\x00\x04\xc0\x00\x02\x02"
	    "\x03WWW\xc0\x10" CNAME "\x00\x00\x00\x05\x00\x04\x01"
	    "A\xc0\x10",
	    1);
	ATF_CHECK_EQ(DNS_ANSWER_FOUND, answer.status);
	ATF_CHECK_EQ(1, answer.secure);
	ATF_CHECK_EQ(5, answer.ttl);
	ATF_CHECK(name.len == 6 && memcmp(name.s, "A.Test", 6) == 0);
	ATF_REQUIRE(dns_answer_next(&answer, &s, &len));
	ATF_CHECK(len == 4 && memcmp(s, "\xc0\x00\x02\x01", 4) == 0);
	ATF_CHECK(!dns_answer_next(&answer, &s, &len));
}

ATF_TC_WITHOUT_HEAD(strings_of_a_text_are_joined);
ATF_TC_BODY(strings_of_a_text_are_joined, tc)
{
	TAKE(HEADER("\x81\x80", "\x02", "\x00"),
	    "\x01t\x00" TXT "\xc0\x0c" TXT TTL "\x00\x06\x02"
	    "ab\x00\x01"
	    "c"
	    "\xc0\x0c" TXT TTL "\x00\x01\x00",
	    16);
	ATF_CHECK_EQ(DNS_ANSWER_FOUND, answer.status);
	ATF_CHECK_EQ(0, answer.secure);
	ATF_CHECK(records.len == 9 && memcmp(records.s, "3:abc,0:,", 9) == 0);
	/* a string that goes on past the record */
	TAKE(HEADER("\x81\x80", "\x01", "\x00"),
	    "\x01t\x00" TXT "\xc0\x0c" TXT TTL "\x00\x02\x02"
	    "ab",
	    16);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
}

ATF_TC_WITHOUT_HEAD(names_become_text);
ATF_TC_BODY(names_become_text, tc)
{
	TAKE(HEADER("\x81\x80", "\x02", "\x00"),
	    "\x01t\x00" MX "\xc0\x0c" MX TTL "\x00\x09\x00\x0a\x05"
	    "a.\\\x00 \x00\xc0\x0c" MX TTL "\x00\x03\xff\xff\x00",
	    15);
	ATF_CHECK_EQ(DNS_ANSWER_FOUND, answer.status);
	ATF_CHECK_EQ(29, records.len);
	ATF_CHECK(memcmp(records.s, "16:10 a\\.\\\\\\000\\032,6:65535 ,", 29) == 0);
}

ATF_TC_WITHOUT_HEAD(nothing_holds_as_long_as_the_zone_says);
ATF_TC_BODY(nothing_holds_as_long_as_the_zone_says, tc)
{
#define SOA(ttl, minimum)                                                                \
	"\x00\x00\x06\x00\x01" ttl "\x00\x16\x00\x00"                                    \
	"\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1" minimum
	TAKE(HEADER("\x81\x83", "\x00", "\x01"),
	    "\x01t\x00" A SOA("\x00\x00\x00\x09", "\x00\x00\x00\x08"), 1);
	ATF_CHECK_EQ(DNS_ANSWER_NO_NAME, answer.status);
	ATF_CHECK_EQ(8, answer.ttl);
	TAKE(HEADER("\x81\x80", "\x00", "\x01"),
	    "\x01t\x00" A SOA("\x00\x01\x00\x00", "\x00\x01\x00\x00"), 1);
	ATF_CHECK_EQ(DNS_ANSWER_NOTHING, answer.status);
	ATF_CHECK_EQ(900, answer.ttl);
	TAKE(HEADER("\x81\x80", "\x00", "\x00"), "\x01t\x00" A, 1);
	ATF_CHECK_EQ(DNS_ANSWER_NOTHING, answer.status);
	ATF_CHECK_EQ(0, answer.ttl);
}

ATF_TC_WITHOUT_HEAD(what_says_nothing_is_a_failure);
ATF_TC_BODY(what_says_nothing_is_a_failure, tc)
{
	/* SERVFAIL, REFUSED, cut, a question, two questions */
	static const char *const headers[] = {"\x12\x34\x81\x82\0\1\0\0\0\0\0\0",
	    "\x12\x34\x81\x85\0\1\0\0\0\0\0\0", "\x12\x34\x83\x80\0\1\0\0\0\0\0\0",
	    "\x12\x34\x01\x00\0\1\0\0\0\0\0\0", "\x12\x34\x81\x80\0\2\0\0\0\0\0\0"};
	size_t i;

	for (i = 0; i < 5; i++) {
		TAKE(headers[i], "\x01t\x00" A, 1);
		ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	}
	/* a name that points to itself, one past the end, a record that is not there */
	TAKE(
	    HEADER("\x81\x80", "\x01", "\x00"), "\x01t\x00" A "\xc0\x13" A TTL "\0\0", 1);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	TAKE(
	    HEADER("\x81\x80", "\x01", "\x00"), "\x01t\x00" A "\xff\xff" A TTL "\0\0", 1);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	TAKE(HEADER("\x81\x80", "\x01", "\x00"), "\x01t\x00" A, 1);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	/* CNAMEs in a circle */
	TAKE(HEADER("\x81\x80", "\x01", "\x00"),
	    "\x01t\x00" A "\xc0\x0c" CNAME TTL "\x00\x02\xc0\x0c", 1);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	ATF_CHECK_EQ(0, records.len);
}

ATF_TC_WITHOUT_HEAD(types_have_names);
ATF_TC_BODY(types_have_names, tc)
{
	ATF_CHECK_EQ(1, dns_message_type("A", 1));
	ATF_CHECK_EQ(28, dns_message_type("AAAA", 4));
	ATF_CHECK_EQ(52, dns_message_type("TLSA", 4));
	ATF_CHECK_EQ(0, dns_message_type("a", 1));
	ATF_CHECK_EQ(0, dns_message_type("ANY", 3));
	ATF_CHECK_EQ(0, dns_message_type("", 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, records_are_found_behind_cnames);
	ATF_TP_ADD_TC(tp, strings_of_a_text_are_joined);
	ATF_TP_ADD_TC(tp, names_become_text);
	ATF_TP_ADD_TC(tp, nothing_holds_as_long_as_the_zone_says);
	ATF_TP_ADD_TC(tp, what_says_nothing_is_a_failure);
	ATF_TP_ADD_TC(tp, types_have_names);
	return atf_no_error();
}
