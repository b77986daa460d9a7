#include <string.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "way/target.h"

static const char routes[] = "to.test:relay.test:26\0.below.test:[2001:db8::1]\0"
			     "mx.test:\0bad.test:a:b:c\0two.test:a b:26\0"
			     "port.test::2525\0fail.test:fail 5.1.6 moved\0"
			     "bare.test:fail\0colonless.test";
static const char senders[] = "who@from.test:own.test\0@bad.from.test:a:b:c";
static const char binds[] = "@bound.test 192.0.2.1 2001:db8::1\0bad-bind.test x";
static struct way_settings settings = {.port = 25,
    .routes = {.by_domain = {.s = (char *)routes, .len = sizeof routes},
	.by_sender = {.s = (char *)senders, .len = sizeof senders}},
    .bind = {.s = (char *)binds, .len = sizeof binds}};
static struct destination d;

/* The key without what control/tlspolicy adds to it. */
static const char *
key(void)
{
	char *policy = strstr(d.key.s, " tls:");

	if (policy != NULL)
		*policy = '\0';
	return d.key.s;
}

ATF_TC_WITHOUT_HEAD(equal_servers_have_equal_keys);
ATF_TC_BODY(equal_servers_have_equal_keys, tc)
{
	static const struct {
		const char *domain, *sender, *target, *key;
	} cases[] = {
	    {"a.test", NULL, NULL, "@a.test:25"},
	    {"a.test.", NULL, NULL, "@a.test:25"},
	    {"to.test", NULL, NULL, "=relay.test:26:25"},
	    {"TO.test.", NULL, NULL, "=relay.test:26:25"},
	    {"x.below.test", NULL, NULL, "=[2001:db8::1]:25"},
	    {"mx.test", NULL, NULL, "@mx.test:25"},
	    {"two.test", NULL, NULL, "=a b:26:25"},
	    {"port.test", NULL, NULL, "@port.test=:2525:25"},
	    {"[192.0.2.1]", NULL, NULL, "@[192.0.2.1]:25"},
	    {"to.test", NULL, "b.test:2525", "=b.test:2525:25"},
	    {"to.test", NULL, "lmtp:///x", "=lmtp:///x:25"},
	    {"a.test", "who@from.test", NULL, "=own.test:25"},
	    {"a.test", "x@from.test", NULL, "@a.test:25"},
	    {"a.test", "", NULL, "@a.test:25"},
	    {"a.test", "x@bound.test", NULL,
		"@a.test:25 from 192.0.2.1 from 2001:db8::1"},
	};
	struct outcome fault = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		struct target_request request = {.domain = cases[i].domain,
		    .sender = cases[i].sender,
		    .target = cases[i].target};

		ATF_CHECK_EQ_MSG(0, target_begin(&d, &settings, &request, &fault), "%s",
		    cases[i].domain);
		ATF_CHECK_STREQ(cases[i].key, key());
	}
	ATF_CHECK_EQ(0, fault.letter);
}

ATF_TC_WITHOUT_HEAD(a_session_under_tls_is_not_one_without);
ATF_TC_BODY(a_session_under_tls_is_not_one_without, tc)
{
	struct target_request request = {.domain = "a.test", .requires_tls = 1};
	struct outcome fault = {0};

	ATF_REQUIRE_EQ(0, target_begin(&d, &settings, &request, &fault));
	ATF_CHECK_STREQ("@a.test:25 requiretls", key());
	request.requires_tls = 0;
	request.is_tls_optional = 1;
	ATF_REQUIRE_EQ(0, target_begin(&d, &settings, &request, &fault));
	ATF_CHECK_STREQ("@a.test:25 tls-optional", key());
}

ATF_TC_WITHOUT_HEAD(what_leads_nowhere_is_told_at_once);
ATF_TC_BODY(what_leads_nowhere_is_told_at_once, tc)
{
	static const struct {
		const char *domain, *sender, *target, *status, *text;
		char letter;
	} cases[] = {
	    {"", NULL, NULL, "5.1.2", "not a domain", 'D'},
	    {".", NULL, NULL, "5.1.2", "not a domain", 'D'},
	    {"fail.test", NULL, NULL, "5.1.6", "moved", 'D'},
	    {"bare.test", NULL, NULL, "5.7.1", "not taken", 'D'},
	    /* the admin's mistakes are not the sender's */
	    {"bad.test", NULL, NULL, "4.3.5", "control/smtproutes", 'Z'},
	    {"colonless.test", NULL, NULL, "4.3.5", "control/smtproutes", 'Z'},
	    {"a.test", "x@bad.from.test", NULL, "4.3.5", "control/senderroutes", 'Z'},
	    {"bad-bind.test", NULL, NULL, "4.3.5", "control/bindaddresses", 'Z'},
	    {"a.test", NULL, "b.test:x", "4.3.5", "b.test:x", 'Z'},
	};
	struct outcome fault = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		struct target_request request = {.domain = cases[i].domain,
		    .sender = cases[i].sender,
		    .target = cases[i].target};

		ATF_CHECK_EQ_MSG(-1, target_begin(&d, &settings, &request, &fault), "%s",
		    cases[i].domain);
		ATF_CHECK_EQ(cases[i].letter, fault.letter);
		ATF_CHECK_STREQ(cases[i].status, fault.status);
		ATF_CHECK_MSG(
		    strstr(fault.text.s, cases[i].text) != NULL, "%s", fault.text.s);
	}
	outcome_free(&fault);
}

ATF_TC_WITHOUT_HEAD(after_its_time_nothing_more_is_sought);
ATF_TC_BODY(after_its_time_nothing_more_is_sought, tc)
{
	struct target_request request = {.domain = "to.test", .target = "[192.0.2.1]:25"};
	struct outcome fault = {0};

	request.until = deadline_now() + 60000;
	ATF_REQUIRE_EQ(0, target_begin(&d, &settings, &request, &fault));
	ATF_CHECK(target_next(&d, &fault) != NULL);
	target_end(&d);
	request.until = deadline_now() - 1;
	ATF_REQUIRE_EQ(0, target_begin(&d, &settings, &request, &fault));
	ATF_CHECK_EQ(NULL, target_next(&d, &fault));
	ATF_CHECK_EQ('Z', fault.letter);
	ATF_CHECK_STREQ("4.4.2", fault.status);
	target_end(&d);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, equal_servers_have_equal_keys);
	ATF_TP_ADD_TC(tp, a_session_under_tls_is_not_one_without);
	ATF_TP_ADD_TC(tp, what_leads_nowhere_is_told_at_once);
	ATF_TP_ADD_TC(tp, after_its_time_nothing_more_is_sought);
	return atf_no_error();
}
