#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "way/never_to.h"
#include "way/target.h"

static struct way_settings settings;
static struct destination d;
static struct outcome fault;

/* The first host for the domain, or target; null when there is none. */
static const struct target *
look(const char *domain, const char *target)
{
	struct target_request request = {.domain = domain, .target = target};

	outcome_free(&fault);
	memset(&fault, 0, sizeof(fault));
	if (!settings.families.has_ip4)
		ATF_REQUIRE(ip_families_parse(&settings.families, "ipv4 ipv6", 9));
	ATF_REQUIRE_EQ(0, never_to_read(&settings.never_to));
	ATF_REQUIRE_EQ(0, target_begin(&d, &settings, &request, &fault));
	return target_next(&d, &fault);
}

static void
check_ip(const char *expected, const struct target *target)
{
	char text[IPADDRESS_TEXT_MAX];

	ATF_REQUIRE(target != NULL);
	ATF_CHECK_EQ(1, target->n);
	ATF_CHECK_STREQ(expected, ipaddress_text(text, target->ip[0]));
}

ATF_TC_WITHOUT_HEAD(an_address_that_a_sender_has_named_is_looked_at);
ATF_TC_BODY(an_address_that_a_sender_has_named_is_looked_at, tc)
{
	static const struct {
		const char *domain;
		unsigned port;
		const char *status; /* null: it is fine */
		const char *ip;
	} cases[] = {
	    {"[198.41.0.4]", 25, NULL, "198.41.0.4"},
	    {"198.41.0.4", 25, NULL, "198.41.0.4"},
	    {"[IPv6:2001:503:ba3e::2:30]", 25, NULL, "2001:503:ba3e::2:30"},
	    {"[10.0.0.1]", 25, "5.4.4", NULL},
	    {"[192.168.7.7]", 25, "5.4.4", NULL},
	    {"[169.254.1.1]", 25, "5.4.4", NULL},
	    {"[IPv6:fe80::1]", 25, "5.4.4", NULL},
	    {"[192.0.2]", 25, "5.1.2", NULL},
	    {"[a.test]", 25, "5.1.2", NULL},
	    /* ourselves, as long as nothing says where our service listens */
	    {"[127.0.0.1]", 25, "5.4.6", NULL},
	    {"[127.0.0.1]", 2525, "5.4.4", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct target *target;

		settings.port = cases[i].port;
		target = look(cases[i].domain, NULL);
		if (cases[i].status != NULL) {
			ATF_CHECK_MSG(target == NULL, "%s", cases[i].domain);
			ATF_CHECK_EQ_MSG('D', fault.letter, "%s", cases[i].domain);
			ATF_CHECK_STREQ(cases[i].status, fault.status);
		} else {
			check_ip(cases[i].ip, target);
			ATF_CHECK_EQ(0, fault.letter);
			ATF_CHECK_STREQ(cases[i].ip, target->host);
			ATF_CHECK(!target->is_route && !target->is_mx);
			ATF_CHECK(target_next(&d, &fault) == NULL);
		}
		target_end(&d);
	}
}

ATF_TC_WITHOUT_HEAD(the_admin_may_name_any_address);
ATF_TC_BODY(the_admin_may_name_any_address, tc)
{
	static const struct {
		const char *target, *ip;
		unsigned port;
		enum target_kind kind;
	} cases[] = {
	    {"127.0.0.1:25", "127.0.0.1", 25, TARGET_SMTP},
	    {"[fe80::1]:2525", "fe80::1", 2525, TARGET_SMTP},
	    {"smtps://10.0.0.1", "10.0.0.1", 465, TARGET_SMTPS},
	    {"lmtp://[::1]:24", "::1", 24, TARGET_LMTP},
	};

	settings.port = 25;
	/* nor do the families matter */
	ATF_REQUIRE(ip_families_parse(&settings.families, "ipv4", 4));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct target *target = look("y.test", cases[i].target);

		check_ip(cases[i].ip, target);
		ATF_CHECK_EQ(0, fault.letter);
		ATF_CHECK_EQ(cases[i].port, target->port);
		ATF_CHECK_EQ(cases[i].kind, target->kind);
		ATF_CHECK(target->is_route);
		ATF_CHECK(target->security != NULL);
		ATF_CHECK(target_next(&d, &fault) == NULL);
		target_end(&d);
	}
}

ATF_TC_WITHOUT_HEAD(hops_come_in_their_order);
ATF_TC_BODY(hops_come_in_their_order, tc)
{
	static char routes[] =
	    "y.test:127.0.0.1 [::1]:26 lmtp:///run/x smtps://127.0.0.2";
	const struct target *target;

	settings.port = 25;
	settings.routes.by_domain.s = routes;
	settings.routes.by_domain.len = sizeof(routes);
	target = look("y.test", NULL);
	check_ip("127.0.0.1", target);
	ATF_CHECK_EQ(25, target->port);
	ATF_CHECK_STREQ("smtproutes", d.route.file);
	target = target_next(&d, &fault);
	check_ip("::1", target);
	ATF_CHECK_EQ(26, target->port);
	target = target_next(&d, &fault);
	ATF_REQUIRE(target != NULL);
	ATF_CHECK_STREQ("/run/x", target->host);
	ATF_CHECK_EQ(0, target->n);
	ATF_CHECK_EQ(0, target->port);
	ATF_CHECK_EQ(TARGET_LMTP, target->kind);
	target = target_next(&d, &fault);
	check_ip("127.0.0.2", target);
	ATF_CHECK_EQ(WAY_SECURITY_ENCRYPT, target->security->level);
	ATF_CHECK(target_next(&d, &fault) == NULL);
	ATF_CHECK(target_next(&d, &fault) == NULL);
	ATF_CHECK_EQ(0, fault.letter);
	target_end(&d);
	settings.routes.by_domain.len = 0;
}

ATF_TC_WITHOUT_HEAD(an_address_of_no_wanted_family_is_not_now);
ATF_TC_BODY(an_address_of_no_wanted_family_is_not_now, tc)
{
	ATF_REQUIRE(ip_families_parse(&settings.families, "ipv4", 4));
	ATF_CHECK(look("[IPv6:2001:503:ba3e::2:30]", NULL) == NULL);
	ATF_CHECK_EQ('Z', fault.letter);
	ATF_CHECK_STREQ("4.4.4", fault.status);
	target_end(&d);
}

ATF_TC_WITHOUT_HEAD(resolvers_that_can_not_be_used_are_the_admins_mistake);
ATF_TC_BODY(resolvers_that_can_not_be_used_are_the_admins_mistake, tc)
{
	static char nonsense[] = "nonsense";

	settings.resolvers.s = nonsense;
	settings.resolvers.len = sizeof(nonsense);
	ATF_CHECK(look("y.test", NULL) == NULL);
	ATF_CHECK_EQ('Z', fault.letter);
	ATF_CHECK_STREQ("4.3.5", fault.status);
	target_end(&d);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_address_that_a_sender_has_named_is_looked_at);
	ATF_TP_ADD_TC(tp, the_admin_may_name_any_address);
	ATF_TP_ADD_TC(tp, hops_come_in_their_order);
	ATF_TP_ADD_TC(tp, an_address_of_no_wanted_family_is_not_now);
	ATF_TP_ADD_TC(tp, resolvers_that_can_not_be_used_are_the_admins_mistake);
	return atf_no_error();
}
