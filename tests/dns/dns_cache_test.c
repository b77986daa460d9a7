#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "dns/dns_cache.h"

static void
keep(struct dns_cache *cache, const char *question, const char *records, uint32_t ttl)
{
	const struct dns_answer answer = {.status = DNS_ANSWER_FOUND,
	    .ttl = ttl,
	    .name = "a.test",
	    .name_len = 6,
	    .records = records,
	    .records_len = strlen(records)};

	dns_cache_keep(cache, question, &answer, 1000);
}

ATF_TC_WITHOUT_HEAD(an_answer_is_kept_as_long_as_it_holds);
ATF_TC_BODY(an_answer_is_kept_as_long_as_it_holds, tc)
{
	struct dns_cache cache = {.hash_key = {1, 2}};
	const struct dns_answer *answer;

	ATF_CHECK(dns_cache_find(&cache, "A a.test", 1000) == NULL);
	keep(&cache, "A a.test", "1:x,", 10);
	answer = dns_cache_find(&cache, "A a.test", 4000);
	ATF_REQUIRE(answer != NULL);
	ATF_CHECK_EQ(7, answer->ttl);
	ATF_CHECK(answer->records_len == 4 && memcmp(answer->records, "1:x,", 4) == 0);
	ATF_CHECK(memcmp(answer->name, "a.test", 6) == 0);
	ATF_CHECK(dns_cache_find(&cache, "TXT a.test", 4000) == NULL);
	ATF_CHECK(dns_cache_find(&cache, "A a.test", 11000) == NULL);
	dns_cache_free(&cache);
}

ATF_TC_WITHOUT_HEAD(some_answers_are_not_kept);
ATF_TC_BODY(some_answers_are_not_kept, tc)
{
	static char large[DNS_CACHE_ANSWER_MAX + 1];
	struct dns_cache cache = {.hash_key = {1, 2}};
	const struct dns_answer failed = {
	    .status = DNS_ANSWER_FAILED, .ttl = 9, .name = "", .records = ""};

	keep(&cache, "A a.test", "1:x,", 0);
	memset(large, 'x', DNS_CACHE_ANSWER_MAX);
	keep(&cache, "A b.test", large, 10);
	dns_cache_keep(&cache, "A c.test", &failed, 1000);
	ATF_CHECK(dns_cache_find(&cache, "A a.test", 1000) == NULL);
	ATF_CHECK(dns_cache_find(&cache, "A b.test", 1000) == NULL);
	ATF_CHECK(dns_cache_find(&cache, "A c.test", 1000) == NULL);
	dns_cache_free(&cache);
}

ATF_TC_WITHOUT_HEAD(there_are_never_more_than_there_is_room_for);
ATF_TC_BODY(there_are_never_more_than_there_is_room_for, tc)
{
	struct dns_cache cache = {.hash_key = {1, 2}};
	char question[40];
	unsigned i, found = 0;

	for (i = 0; i < 3 * DNS_CACHE_PLACES; i++) {
		snprintf(question, sizeof(question), "A %u.test", i);
		keep(&cache, question, "1:x,", 10);
		ATF_REQUIRE(dns_cache_find(&cache, question, 1000) != NULL);
	}
	for (i = 0; i < 3 * DNS_CACHE_PLACES; i++) {
		snprintf(question, sizeof(question), "A %u.test", i);
		found += dns_cache_find(&cache, question, 1000) != NULL;
	}
	ATF_CHECK(found <= DNS_CACHE_PLACES && found > DNS_CACHE_PLACES / 2);
	dns_cache_free(&cache);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_answer_is_kept_as_long_as_it_holds);
	ATF_TP_ADD_TC(tp, some_answers_are_not_kept);
	ATF_TP_ADD_TC(tp, there_are_never_more_than_there_is_room_for);
	return atf_no_error();
}
