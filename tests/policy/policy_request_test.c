#include <string.h>

#include <atf-c.h>

#include "policy/policy_request.h"
#include "policy/relay_lists.h"

static const struct {
	const char *line;
	const char *verb;
	const char *address;
	unsigned long long size;
} examples[] = {
    {"", "", "", 0},
    {"data", "data", "", 0},
    {"helo a.test", "helo", "a.test", 0},
    {"mail a@b SIZE=17", "mail", "a@b", 17},
    {"mail <> BODY=8BITMIME size=5", "mail", "<>", 5},
    {"mail a@b SIZE=x", "mail", "a@b", 0},
    {"mail a@b SIZE", "mail", "a@b", 0},
    {"mail a@b X= SIZE=5", "mail", "a@b", 0},
    {"rcpt \"a b SIZE=3\"@c SIZE=4", "rcpt", "\"a b SIZE=3\"@c", 4},
    {"rcpt \"a\\\" b\"@c", "rcpt", "\"a\\\" b\"@c", 0},
    {"rcpt \"a", "rcpt", "\"a", 0},
    {"rcpt \"a\\", "rcpt", "\"a\\", 0},
};

ATF_TC_WITHOUT_HEAD(a_request_falls_into_verb_address_and_size);
ATF_TC_BODY(a_request_falls_into_verb_address_and_size, tc)
{
	struct policy_request r;
	size_t i;

	for (i = 0; i < sizeof examples / sizeof *examples; i++) {
		policy_request_parse(&r, examples[i].line, strlen(examples[i].line));
		ATF_CHECK(policy_request_is(&r, examples[i].verb));
		ATF_CHECK_EQ_MSG(
		    strlen(examples[i].address), r.address_len, "%s", examples[i].line);
		ATF_CHECK(!memcmp(examples[i].address, r.address, r.address_len));
		ATF_CHECK_EQ(examples[i].size, r.size);
	}
}

ATF_TC_WITHOUT_HEAD(the_end_tells_what_has_come_of_it);
ATF_TC_BODY(the_end_tells_what_has_come_of_it, tc)
{
	static const char line[] = "done RECIPIENTS=3 REFUSED=2 MESSAGES=1";
	struct policy_request r;

	policy_request_parse(&r, line, strlen(line));
	ATF_CHECK(policy_request_is(&r, "done"));
	ATF_CHECK_EQ(0, r.address_len);
	ATF_CHECK_EQ(3, r.recipients);
	ATF_CHECK_EQ(2, r.refused);
	ATF_CHECK_EQ(1, r.messages);
	policy_request_parse(&r, line, 4);
	ATF_CHECK(policy_request_is(&r, "done"));
	ATF_CHECK_EQ(0, r.messages);
}

ATF_TC_WITHOUT_HEAD(a_further_hop_in_the_local_part_is_seen);
ATF_TC_BODY(a_further_hop_in_the_local_part_is_seen, tc)
{
	ATF_CHECK(relay_lists_routes("a%b@c", 5));
	ATF_CHECK(relay_lists_routes("b!a@c", 5));
	ATF_CHECK(relay_lists_routes("\"a@b\"@c", 7));
	ATF_CHECK(!relay_lists_routes("a+b@c", 5));
	ATF_CHECK(!relay_lists_routes("@c", 2));
	ATF_CHECK(!relay_lists_routes("", 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_request_falls_into_verb_address_and_size);
	ATF_TP_ADD_TC(tp, the_end_tells_what_has_come_of_it);
	ATF_TP_ADD_TC(tp, a_further_hop_in_the_local_part_is_seen);
	return atf_no_error();
}
