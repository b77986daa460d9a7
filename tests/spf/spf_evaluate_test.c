#include <string.h>
#include <strings.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "spf/spf_evaluate.h"

/* What the DNS knows; a record "FAIL" is no answer. */
static const struct line {
	const char *type, *name, *record;
} * zone;

#define ASKED_MAX 200
static struct {
	char question[300];
	struct dns_answer answer;
	stralloc records;
} asked[ASKED_MAX];
static size_t asked_count;
static int is_slow; /* no answer is there when it is first asked for */

/* It stays where it is until the next evaluation. */
static const struct dns_answer *
look_up(void *asker, const char *type, const char *name)
{
	const struct line *l;
	stralloc question = {0};
	struct dns_answer *a;
	size_t i;

	(void)asker;
	text_cat(&question, type, " ", name, (char *)NULL);
	text_terminate(&question);
	for (i = 0; i < asked_count; i++)
		if (strcasecmp(asked[i].question, question.s) == 0)
			return &asked[i].answer;
	ATF_REQUIRE(asked_count < ASKED_MAX && question.len < 300);
	strcpy(asked[asked_count].question, question.s);
	a = &asked[asked_count].answer;
	memset(a, 0, sizeof(*a));
	a->status = DNS_ANSWER_NO_NAME;
	asked[asked_count].records.len = 0;
	for (l = zone; l->type != NULL; l++) {
		if (strcasecmp(l->name, name) != 0)
			continue;
		if (a->status == DNS_ANSWER_NO_NAME)
			a->status = DNS_ANSWER_NOTHING;
		if (strcmp(l->record, "FAIL") == 0)
			a->status = DNS_ANSWER_FAILED;
		if (strcmp(l->type, type) != 0 || a->status == DNS_ANSWER_FAILED)
			continue;
		a->status = DNS_ANSWER_FOUND;
		if (strcmp(type, "A") == 0) {
			unsigned char ip[16];

			ATF_REQUIRE(ipaddress_scan(l->record, ip));
			netstring_put(&asked[asked_count].records, (char *)ip + 12, 4);
		} else {
			netstring_put(
			    &asked[asked_count].records, l->record, strlen(l->record));
		}
	}
	a->name = name;
	a->records = asked[asked_count].records.s;
	a->records_len = asked[asked_count].records.len;
	asked_count++;
	stralloc_free(&question);
	return is_slow ? NULL : a;
}

static struct spf_verdict verdict;

static const char *
check(const char *ip, const char *sender, const char *helo)
{
	struct spf_question q = {
	    .sender = sender, .helo = helo, .receiver = "me.test", .lookup = look_up};

	asked_count = 0;
	ATF_REQUIRE(ipaddress_scan(ip, q.ip));
	do
		spf_evaluate(&q, &verdict);
	while (verdict.result == SPF_PENDING);
	return spf_evaluate_name(verdict.result);
}

static const struct line some[] = {
    {"TXT", "a.test",
	"v=spf1 ip4:192.0.2.0/24 include:b.test ~a:host.test -all exp=why.test"},
    {"TXT", "a.test", "v=spf10 +all"},
    {"TXT", "b.test", "v=spf1 ip6:2001:db8::/32 -ip4:198.51.100.1 -all exp=bad.test"},
    {"A", "host.test", "203.0.113.5"}, {"TXT", "why.test", "%{i} is not one of %{o}'s"},
    {"TXT", "r.test", "v=spf1 redirect=a.test"}, {"TXT", "two.test", "v=spf1 -all"},
    {"TXT", "two.test", "v=spf1 +all"}, {"TXT", "dead.test", "FAIL"},
    {"TXT", "d.test", "v=spf1 ip4:192.0.2.1 include:dead.test -all"},
    {"TXT", "loop.test", "v=spf1 include:loop.test -all"},
    {"TXT", "void.test", "v=spf1 a:n1.test a:n2.test a:n3.test +all"},
    {"TXT", "void2.test", "v=spf1 a:n1.test a:n2.test +all"},
    {"TXT", "nowhere.test", "v=spf1 include:nothing.test +all"},
    {"TXT", "m.test", "v=spf1 mx -all"}, {"MX", "m.test", "10 host.test"},
    {"MX", "m.test", "0 "}, {"TXT", "m11.test", "v=spf1 mx +all"},
    {"MX", "m11.test", "1 h1.test"}, {"MX", "m11.test", "1 h2.test"},
    {"MX", "m11.test", "1 h3.test"}, {"MX", "m11.test", "1 h4.test"},
    {"MX", "m11.test", "1 h5.test"}, {"MX", "m11.test", "1 h6.test"},
    {"MX", "m11.test", "1 h7.test"}, {"MX", "m11.test", "1 h8.test"},
    {"MX", "m11.test", "1 h9.test"}, {"MX", "m11.test", "1 h10.test"},
    {"MX", "m11.test", "1 h11.test"}, {"A", "h1.test", "192.0.2.1"},
    {"A", "h2.test", "192.0.2.1"}, {"A", "h3.test", "192.0.2.1"},
    {"A", "h4.test", "192.0.2.1"}, {"A", "h5.test", "192.0.2.1"},
    {"A", "h6.test", "192.0.2.1"}, {"A", "h7.test", "192.0.2.1"},
    {"A", "h8.test", "192.0.2.1"}, {"A", "h9.test", "192.0.2.1"},
    {"A", "h10.test", "192.0.2.1"}, {"A", "h11.test", "192.0.2.1"},
    {"TXT", "m3.test", "v=spf1 mx -all"}, {"MX", "m3.test", "1 h1.test"},
    {"MX", "m3.test", "1 h2.test"}, {"MX", "m3.test", "1 h3.test"},
    {"TXT", "p.test", "v=spf1 ptr -all"},
    {"PTR", "5.113.0.203.in-addr.arpa", "liar.p.test"},
    {"PTR", "5.113.0.203.in-addr.arpa", "dead.p.test"},
    {"PTR", "5.113.0.203.in-addr.arpa", "true.p.test"},
    {"A", "liar.p.test", "203.0.113.6"}, {"A", "dead.p.test", "FAIL"},
    {"A", "true.p.test", "203.0.113.5"},
    {"TXT", "l.test", "v=spf1 exists:%{l}.l.test -all"}, {"A", "bob.l.test", "127.0.0.2"},
    {"A", "b\\\\b.l.test", "127.0.0.2"},
    {"TXT", "xn--b-eha.test", "v=spf1 exists:%{l}.l.test exists:%{d}.l.test -all"},
    {"A", "xn--b-eha.test.l.test", "127.0.0.2"}, {NULL, NULL, NULL}};

ATF_TC_WITHOUT_HEAD(results_are_those_of_the_rfc);
ATF_TC_BODY(results_are_those_of_the_rfc, tc)
{
	static const struct {
		const char *result, *ip, *sender;
	} cases[] = {{"pass", "192.0.2.9", "x@a.test"},
	    {"pass", "::ffff:192.0.2.9", "x@A.TEST."},
	    {"pass", "2001:db8::1", "x@a.test"}, {"fail", "2001:db9::1", "x@a.test"},
	    {"softfail", "203.0.113.5", "x@a.test"}, {"fail", "198.51.100.1", "x@a.test"},
	    {"pass", "192.0.2.9", "x@r.test"}, {"fail", "198.51.100.1", "x@r.test"},
	    {"permerror", "192.0.2.9", "x@two.test"},
	    {"temperror", "192.0.2.9", "x@dead.test"}, {"pass", "192.0.2.1", "x@d.test"},
	    {"temperror", "192.0.2.2", "x@d.test"},
	    {"permerror", "192.0.2.2", "x@loop.test"},
	    {"permerror", "192.0.2.2", "x@void.test"},
	    {"pass", "192.0.2.2", "x@void2.test"},
	    {"permerror", "192.0.2.2", "x@nowhere.test"},
	    {"pass", "203.0.113.5", "x@m.test"}, {"fail", "203.0.113.6", "x@m.test"},
	    {"permerror", "203.0.113.6", "x@m11.test"},
	    {"permerror", "192.0.2.1", "x@m11.test"}, {"pass", "203.0.113.5", "x@p.test"},
	    {"fail", "203.0.113.6", "x@p.test"}, {"none", "192.0.2.1", "x@host.test"},
	    {"none", "192.0.2.1", "x@nothing.test"}, {"none", "192.0.2.1", "x@test"},
	    {"none", "192.0.2.1", "x@[192.0.2.1]"}, {"none", "192.0.2.1", "x@a..test"},
	    {"none", "192.0.2.1", ""}, {"pass", "192.0.2.1", "bob@l.test"},
	    {"pass", "192.0.2.1", "b\\b@l.test"}, {"fail", "192.0.2.1", "alice@l.test"},
	    {NULL, NULL, NULL}};
	size_t i;

	zone = some;
	for (is_slow = 0; is_slow < 2; is_slow++)
		for (i = 0; cases[i].result != NULL; i++)
			ATF_CHECK_STREQ_MSG(cases[i].result,
			    check(cases[i].ip, cases[i].sender, "helo.test"), "%s %s",
			    cases[i].ip, cases[i].sender);
}

ATF_TC_WITHOUT_HEAD(a_failure_is_explained_by_who_owns_the_domain);
ATF_TC_BODY(a_failure_is_explained_by_who_owns_the_domain, tc)
{
	zone = some;
	check("198.51.100.1", "x@r.test", "helo.test");
	ATF_CHECK_STREQ("198.51.100.1 is not one of r.test's", verdict.explanation.s);
	ATF_CHECK_STREQ("-all", verdict.mechanism.s);
	ATF_CHECK_STREQ("r.test", verdict.domain.s);
	check("198.51.100.1", "x@b.test", "helo.test");
	ATF_CHECK_STREQ("", verdict.explanation.s);
	check("192.0.2.2", "x@d.test", "helo.test");
	ATF_CHECK_STREQ("include:dead.test", verdict.mechanism.s);
	ATF_CHECK(verdict.problem != NULL);
}

ATF_TC_WITHOUT_HEAD(internationalised_senders_are_looked_at);
ATF_TC_BODY(internationalised_senders_are_looked_at, tc)
{
	zone = some;
	ATF_CHECK_STREQ("pass", check("192.0.2.1", "bob@bü.test", "helo.test"));
	ATF_CHECK_STREQ("xn--b-eha.test", verdict.domain.s);
	/* no name has this local part, but the other term matches: RFC 8616, 4 */
	ATF_CHECK_STREQ("pass", check("192.0.2.1", "böb@xn--b-eha.test", "helo.test"));
	ATF_CHECK_STREQ("exists:%{d}.l.test", verdict.mechanism.s);
	ATF_CHECK_STREQ("fail", check("192.0.2.1", "böb@l.test", "helo.test"));
	ATF_CHECK_STREQ("none", check("192.0.2.1", "x@\xff.test", "helo.test"));
}

ATF_TC_WITHOUT_HEAD(questions_that_can_be_are_asked_together);
ATF_TC_BODY(questions_that_can_be_are_asked_together, tc)
{
	struct spf_question q = {
	    .sender = "x@m3.test", .helo = "", .receiver = "", .lookup = look_up};
	int rounds = 0;

	zone = some;
	is_slow = 1;
	asked_count = 0;
	ipaddress_scan("192.0.2.77", q.ip);
	do {
		spf_evaluate(&q, &verdict);
		rounds++;
	} while (verdict.result == SPF_PENDING);
	/* TXT, MX, all addresses, the verdict */
	ATF_CHECK_EQ(4, rounds);
	ATF_CHECK_EQ(5, asked_count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, results_are_those_of_the_rfc);
	ATF_TP_ADD_TC(tp, a_failure_is_explained_by_who_owns_the_domain);
	ATF_TP_ADD_TC(tp, internationalised_senders_are_looked_at);
	ATF_TP_ADD_TC(tp, questions_that_can_be_are_asked_together);
	return atf_no_error();
}
