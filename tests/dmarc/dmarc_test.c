#include <string.h>

#include <atf-c.h>

#include "dmarc/dmarc.h"
#include "lib/text.h"

/* A zone: NAME RECORD pairs up to a null; "!" for one that does not answer, "-" for a
 * name that is there, without a record. */
typedef const char *const zone[];

static struct answers answers;

/* Answer what is wanted from the zone: what is not in it has no name. */
static void
answer_from(const char *const *zone)
{
	struct answer *answer;
	size_t i, j;
	enum answer_state state;

	for (i = 0; i < answers.n; i++) {
		answer = &answers.list[i];
		if (answer->state != ANSWER_WANTED)
			continue;
		state = ANSWER_NO_NAME;
		for (j = 0; zone[j] != NULL; j += 2) {
			if (strcmp(zone[j], answer->name) != 0)
				continue;
			if (*zone[j + 1] == '!') {
				state = ANSWER_FAILED;
			} else if (*zone[j + 1] == '-') {
				state = ANSWER_NOTHING;
			} else {
				answers_add(answer, zone[j + 1], strlen(zone[j + 1]));
				state = ANSWER_FOUND;
			}
		}
		answers_set(answer, state);
	}
}

static struct dmarc_result result;

/*
 * Judge: spf and dkim are domains that have passed, or null; with a "?" before them they
 * are not known.  Returns the outcome, where the record stands, and the policy.
 */
static const char *
judge(const char *const *zone, const char *author, const char *spf, const char *dkim)
{
	struct dmarc_identifier identifiers[2];
	static stralloc out;
	size_t n = 0;

	if (spf != NULL)
		identifiers[n++] =
		    (struct dmarc_identifier){.domain = spf + (*spf == '?'),
			.is_spf = 1,
			.state = *spf == '?' ? DMARC_NOT_KNOWN : DMARC_SHOWN};
	if (dkim != NULL)
		identifiers[n++] =
		    (struct dmarc_identifier){.domain = dkim + (*dkim == '?'),
			.state = *dkim == '?' ? DMARC_NOT_KNOWN : DMARC_SHOWN};
	answers_clear(&answers);
	dmarc_want_policy(&answers, author);
	answer_from(zone);
	dmarc_want_rest(&answers, author, identifiers, n);
	answer_from(zone);
	dmarc_judge(&result, &answers, author, identifiers, n);
	out.len = 0;
	text_cat(&out, dmarc_outcome_word(result.outcome), " ",
	    result.domain != NULL ? result.domain : "-", " ",
	    dmarc_record_word(result.policy), result.is_spf_aligned ? " spf" : "",
	    result.is_dkim_aligned ? " dkim" : "", (char *)NULL);
	text_terminate(&out);
	return out.s;
}

/* RFC 9989, B.1 */
ATF_TC_WITHOUT_HEAD(the_examples_of_alignment_hold);
ATF_TC_BODY(the_examples_of_alignment_hold, tc)
{
	static zone com = {"example.com", "v=DMARC1; p=reject", "example.net",
	    "v=DMARC1; p=reject", NULL};

	ATF_CHECK_STREQ("pass example.com reject spf",
	    judge(com, "example.com", "example.com", NULL));
	ATF_CHECK_STREQ("pass example.com reject spf",
	    judge(com, "example.com", "child.example.com", NULL));
	ATF_CHECK_STREQ("fail example.com reject",
	    judge(com, "child.example.com", "example.net", NULL));
	ATF_CHECK_STREQ("pass example.com reject dkim",
	    judge(com, "example.com", NULL, "example.com"));
	ATF_CHECK_STREQ("pass example.com reject dkim",
	    judge(com, "child.example.com", NULL, "example.com"));
	ATF_CHECK_STREQ("fail example.com reject",
	    judge(com, "child.example.com", NULL, "example.net"));
	ATF_CHECK_STREQ("fail example.com reject",
	    judge(com, "example.com", "badexample.com", "com"));
	ATF_CHECK_STREQ("fail example.com reject", judge(com, "example.com", NULL, NULL));
}

/* RFC 9989, B.4 */
ATF_TC_WITHOUT_HEAD(the_examples_of_tree_walks_hold);
ATF_TC_BODY(the_examples_of_tree_walks_hold, tc)
{
	static zone simple = {"example.com", "v=DMARC1; p=reject", "signing.example.com",
	    "v=DMARC1; p=none", NULL};
	static zone bank = {"bank.example", "v=DMARC1; p=reject; psd=y",
	    "giant.bank.example", "v=DMARC1; p=quarantine", NULL};

	ATF_CHECK_STREQ("pass example.com reject spf dkim",
	    judge(simple, "example.com", "example.com", "signing.example.com"));
	ATF_CHECK_STREQ("pass example.com reject spf dkim",
	    judge(simple, "a.b.c.d.e.f.g.h.i.j.k.example.com", "example.com",
		"signing.example.com"));
	ATF_CHECK_STREQ("pass giant.bank.example quarantine spf",
	    judge(bank, "giant.bank.example", "mail.giant.bank.example",
		"mail.mega.bank.example"));
	ATF_CHECK_STREQ("fail giant.bank.example quarantine",
	    judge(bank, "giant.bank.example", NULL, "mail.mega.bank.example"));
	/* and without a record of its own, that of the public suffix */
	ATF_CHECK_STREQ("pass bank.example reject dkim",
	    judge(bank, "mega.bank.example", NULL, "mail.mega.bank.example"));
	ATF_CHECK_STREQ("fail bank.example reject",
	    judge(bank, "mega.bank.example", "bank.example", "giant.bank.example"));
}

/* RFC 9989, 4.10 */
ATF_TC_WITHOUT_HEAD(a_walk_has_eight_questions);
ATF_TC_BODY(a_walk_has_eight_questions, tc)
{
	static const char *const names[] = {"a.b.c.d.e.f.g.h.i.j.mail.example.com",
	    "g.h.i.j.mail.example.com", "h.i.j.mail.example.com", "i.j.mail.example.com",
	    "j.mail.example.com", "mail.example.com", "example.com", "com"};
	struct tree_walk walk;
	size_t i;

	ATF_REQUIRE_EQ(0, tree_walk_plan(&walk, names[0], strlen(names[0])));
	ATF_REQUIRE_EQ(8, walk.n);
	for (i = 0; i < 8; i++)
		ATF_CHECK_STREQ(names[i], walk.names[i]);
	ATF_REQUIRE_EQ(0, tree_walk_plan(&walk, "A.Example.COM.", 14));
	ATF_REQUIRE_EQ(3, walk.n);
	ATF_CHECK_STREQ("a.example.com", walk.names[0]);
	ATF_REQUIRE_EQ(0, tree_walk_plan(&walk, "a.b.c.d.e.f.g.h", 15));
	ATF_REQUIRE_EQ(8, walk.n);
	ATF_CHECK_STREQ("b.c.d.e.f.g.h", walk.names[1]);
	ATF_CHECK_EQ(-1, tree_walk_plan(&walk, "[192.0.2.1]", 11));
	ATF_CHECK_EQ(-1, tree_walk_plan(&walk, "a..b", 4));
	ATF_CHECK_EQ(-1, tree_walk_plan(&walk, "", 0));
}

/* RFC 9989, 4.10.2: the examples at its end, and what lies between the lines. */
ATF_TC_WITHOUT_HEAD(organizational_domains_are_found);
ATF_TC_BODY(organizational_domains_are_found, tc)
{
	static zone two = {"mail.example.com", "v=DMARC1; p=none", "example.com",
	    "v=DMARC1; p=reject; sp=quarantine", NULL};
	static zone cut = {"mail.example.com", "v=DMARC1; p=none; psd=n", "example.com",
	    "v=DMARC1; p=reject", NULL};
	static zone suffix = {"com", "v=DMARC1; p=reject; psd=y", NULL};
	static zone above = {"com", "v=DMARC1; p=reject", NULL};
	static zone itself = {
	    "com", "v=DMARC1; p=reject; psd=y", "x.com", "v=DMARC1; p=none", NULL};

	ATF_CHECK_STREQ("pass example.com quarantine dkim",
	    judge(two, "a.mail.example.com", NULL, "b.example.com"));
	ATF_CHECK_STREQ("fail mail.example.com none",
	    judge(cut, "a.mail.example.com", NULL, "b.example.com"));
	ATF_CHECK_STREQ("pass mail.example.com none dkim",
	    judge(cut, "a.mail.example.com", NULL, "b.mail.example.com"));
	ATF_CHECK_STREQ("pass com reject dkim",
	    judge(suffix, "a.mail.example.com", NULL, "example.com"));
	ATF_CHECK_STREQ(
	    "fail com reject", judge(suffix, "a.mail.example.com", NULL, "other.com"));
	ATF_CHECK_STREQ("pass com reject dkim", judge(above, "a.com", NULL, "b.com"));
	/* a public suffix that sends mail is no parent of those below it */
	ATF_CHECK_STREQ("fail com reject", judge(itself, "com", NULL, "x.com"));
	ATF_CHECK_STREQ("fail x.com none", judge(itself, "x.com", NULL, "com"));
}

ATF_TC_WITHOUT_HEAD(the_policy_is_that_of_the_domain_or_for_those_below);
ATF_TC_BODY(the_policy_is_that_of_the_domain_or_for_those_below, tc)
{
	static zone all = {"example.com", "v=DMARC1; p=none; sp=quarantine; np=reject",
	    "here.example.com", "-", NULL};
	static zone no_sp = {"example.com", "v=DMARC1; p=quarantine; np=reject",
	    "here.example.com", "-", NULL};
	static zone test = {
	    "example.com", "v=DMARC1; p=reject; sp=quarantine; t=y", NULL};

	ATF_CHECK_STREQ("fail example.com none", judge(all, "example.com", NULL, NULL));
	ATF_CHECK_STREQ(
	    "fail example.com quarantine", judge(all, "here.example.com", NULL, NULL));
	ATF_CHECK_STREQ(
	    "fail example.com reject", judge(all, "gone.example.com", NULL, NULL));
	ATF_CHECK_STREQ(
	    "fail example.com quarantine", judge(no_sp, "here.example.com", NULL, NULL));
	ATF_CHECK_STREQ(
	    "fail example.com reject", judge(no_sp, "gone.example.com", NULL, NULL));
	ATF_CHECK_STREQ(
	    "fail example.com quarantine", judge(test, "example.com", NULL, NULL));
	ATF_CHECK_EQ(DMARC_REJECT, result.published);
	ATF_CHECK_STREQ(
	    "fail example.com none", judge(test, "a.example.com", NULL, NULL));
}

ATF_TC_WITHOUT_HEAD(strict_alignment_wants_the_same_domain);
ATF_TC_BODY(strict_alignment_wants_the_same_domain, tc)
{
	static zone strict = {"example.com", "v=DMARC1; p=reject; adkim=s; aspf=s", NULL};
	static zone mixed = {"example.com", "v=DMARC1; p=reject; aspf=s", NULL};

	ATF_CHECK_STREQ("fail example.com reject",
	    judge(strict, "example.com", "a.example.com", "a.example.com"));
	ATF_CHECK_STREQ("pass example.com reject spf",
	    judge(strict, "example.com", "example.com", "a.example.com"));
	ATF_CHECK_STREQ("pass example.com reject dkim",
	    judge(mixed, "example.com", "a.example.com", "a.example.com"));
}

ATF_TC_WITHOUT_HEAD(what_the_dns_does_not_answer_is_no_failure);
ATF_TC_BODY(what_the_dns_does_not_answer_is_no_failure, tc)
{
	static zone dead = {"example.com", "!", "com", "!", NULL};
	static zone top = {"example.com", "v=DMARC1; p=reject", "com", "!", NULL};
	static zone gone = {
	    "example.com", "v=DMARC1; p=none; np=reject", "a.example.com", "!", NULL};
	static zone good = {"example.com", "v=DMARC1; p=reject", NULL};

	ATF_CHECK_STREQ("temperror - none", judge(dead, "example.com", NULL, NULL));
	ATF_CHECK_STREQ("temperror - none", judge(dead, "a.example.com", NULL, NULL));
	/* what is aligned by its name alone is, whatever lies above */
	ATF_CHECK_STREQ("pass example.com reject spf",
	    judge(top, "example.com", "example.com", NULL));
	ATF_CHECK_STREQ("temperror example.com reject",
	    judge(top, "example.com", "a.example.com", NULL));
	ATF_CHECK_STREQ("fail example.com reject", judge(top, "example.com", NULL, NULL));
	ATF_CHECK_STREQ("temperror - none", judge(gone, "a.example.com", NULL, NULL));
	ATF_CHECK_STREQ("temperror example.com reject",
	    judge(good, "example.com", "?example.com", "?other.example"));
	ATF_CHECK_STREQ("fail example.com reject",
	    judge(good, "example.com", NULL, "?other.example"));
	ATF_CHECK_STREQ("pass example.com reject dkim",
	    judge(good, "example.com", "?example.com", "example.com"));
}

ATF_TC_WITHOUT_HEAD(records_that_do_not_count_do_not);
ATF_TC_BODY(records_that_do_not_count_do_not, tc)
{
	static zone none = {"example.com", "v=spf1 -all", NULL};
	static zone twice = {
	    "example.com", "v=DMARC1; p=reject", "example.com", "v=DMARC1; p=none", NULL};
	static zone broken = {"example.com", "v=DMARC1; p=rejekt", NULL};
	static zone among = {
	    "example.com", "v=spf1 -all", "example.com", "v=DMARC1; p=reject", NULL};

	ATF_CHECK_STREQ("none - none", judge(none, "example.com", "example.com", NULL));
	ATF_CHECK_STREQ("none - none", judge(twice, "example.com", NULL, NULL));
	ATF_CHECK_STREQ("permerror example.com none",
	    judge(broken, "example.com", "example.com", NULL));
	ATF_CHECK_STREQ(
	    "fail example.com reject", judge(among, "example.com", NULL, NULL));
	ATF_CHECK_STREQ("none - none", judge(none, "[192.0.2.1]", NULL, NULL));
}

/* NAME.NAME...example.org, whose walk asks for six names that no other's does. */
static const char *
deep(char s[100], char c, unsigned n)
{
	char digits[DECIMAL_MAX];
	stralloc name = {0};
	int i;

	for (i = 0; i < 8; i++) {
		text_catb(&name, &c, 1);
		text_cat(&name, text_decimal(digits, n), ".", (char *)NULL);
	}
	text_cat(&name, "example.org", (char *)NULL);
	ATF_REQUIRE(text_copy(s, 100, name.s, name.len));
	stralloc_free(&name);
	return s;
}

/* Four authors, ten keys, eleven domains that may be aligned. */
ATF_TC_WITHOUT_HEAD(as_much_is_asked_as_one_message_can_want);
ATF_TC_BODY(as_much_is_asked_as_one_message_can_want, tc)
{
	static zone org = {"example.org", "v=DMARC1; p=reject; np=reject", NULL};
	struct dmarc_identifier identifiers[11] = {{.is_spf = 0}};
	static char authors[4][100], domains[11][100];
	char key[100];
	size_t i;

	answers_clear(&answers);
	for (i = 0; i < 4; i++)
		dmarc_want_policy(&answers, deep(authors[i], 'a', (unsigned)i));
	for (i = 0; i < 10; i++)
		ATF_REQUIRE(
		    answers_want(&answers, ANSWER_TEXT, deep(key, 'k', (unsigned)i)));
	answer_from(org);
	for (i = 0; i < 11; i++) {
		identifiers[i].domain = deep(domains[i], 'd', (unsigned)i);
		identifiers[i].state = i == 10 ? DMARC_SHOWN : DMARC_NOT_KNOWN;
	}
	for (i = 0; i < 4; i++)
		dmarc_want_rest(&answers, authors[i], identifiers, 11);
	answer_from(org);
	for (i = 0; i < 4; i++) {
		dmarc_judge(&result, &answers, authors[i], identifiers, 11);
		ATF_CHECK_STREQ("pass", dmarc_outcome_word(result.outcome));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_examples_of_alignment_hold);
	ATF_TP_ADD_TC(tp, the_examples_of_tree_walks_hold);
	ATF_TP_ADD_TC(tp, a_walk_has_eight_questions);
	ATF_TP_ADD_TC(tp, organizational_domains_are_found);
	ATF_TP_ADD_TC(tp, the_policy_is_that_of_the_domain_or_for_those_below);
	ATF_TP_ADD_TC(tp, strict_alignment_wants_the_same_domain);
	ATF_TP_ADD_TC(tp, what_the_dns_does_not_answer_is_no_failure);
	ATF_TP_ADD_TC(tp, records_that_do_not_count_do_not);
	ATF_TP_ADD_TC(tp, as_much_is_asked_as_one_message_can_want);
	return atf_no_error();
}
