#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "way/way_policy.h"

#define HEX_64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct way_settings settings;
static struct way_security security;
static struct outcome fault;

static void
policy(const char *line)
{
	text_cat(&settings.tls, line, (char *)NULL);
	text_catb(&settings.tls, "", 1);
}

/* What holds for mail to the domain at the host. */
static int
apply(const char *domain, const char *host, int is_route)
{
	struct way_security_question q = {.settings = &settings,
	    .domain = domain,
	    .host = host,
	    .is_route = is_route,
	    .is_mx = !is_route};

	memset(&security, 0, sizeof(security));
	security.level = WAY_SECURITY_MAY;
	return way_policy_apply(&security, &q, &fault);
}

ATF_TC_WITHOUT_HEAD(the_host_of_a_route_goes_before_the_domain);
ATF_TC_BODY(the_host_of_a_route_goes_before_the_domain, tc)
{
	ATF_CHECK_EQ(0, apply("a.test", "mx.test", 0));
	ATF_CHECK_EQ(WAY_SECURITY_MAY, security.level);
	policy("* encrypt");
	policy("a.test none");
	policy("smart.test dane min=1.3");
	policy("[192.0.2.1] verify");
	policy("[IPv6:2001:db8::1] none");
	ATF_CHECK_EQ(1, apply("b.test", "mx.test", 0));
	ATF_CHECK_EQ(WAY_SECURITY_ENCRYPT, security.level);
	ATF_CHECK_STREQ("control/tlspolicy * encrypt", security.why.s);
	ATF_CHECK_EQ(1, apply("a.test", "smart.test", 0));
	ATF_CHECK_EQ(WAY_SECURITY_NONE, security.level);
	ATF_CHECK_EQ(1, apply("a.test", "smart.test", 1));
	ATF_CHECK_EQ(WAY_SECURITY_DANE, security.level);
	ATF_CHECK_EQ(13, security.min_version);
	ATF_CHECK_EQ(1, apply("a.test", "other.test", 1));
	ATF_CHECK_EQ(WAY_SECURITY_NONE, security.level);
	ATF_CHECK_EQ(1, apply("b.test", "192.0.2.1", 1));
	ATF_CHECK_EQ(WAY_SECURITY_VERIFY, security.level);
	ATF_CHECK_EQ(1, apply("b.test", "2001:db8::1", 1));
	ATF_CHECK_EQ(WAY_SECURITY_NONE, security.level);
}

/* mail for the domain goes to an MX host of another one, as a route mx!DOMAIN wants */
static int
apply_through(const char *recipients, const char *domain)
{
	struct way_security_question q = {.settings = &settings,
	    .domain = domain,
	    .recipients = recipients,
	    .host = "mx.test",
	    .is_route = 1,
	    .is_mx = 1};

	security.level = WAY_SECURITY_MAY;
	return way_policy_apply(&security, &q, &fault);
}

ATF_TC_WITHOUT_HEAD(the_mx_of_another_domain_is_no_way_around_the_line);
ATF_TC_BODY(the_mx_of_another_domain_is_no_way_around_the_line, tc)
{
	ATF_CHECK_EQ(0, apply_through("a.test", "relay.test"));
	policy("a.test encrypt");
	ATF_CHECK_EQ(1, apply_through("a.test", "relay.test"));
	ATF_CHECK_EQ(WAY_SECURITY_ENCRYPT, security.level);
	policy("* none");
	ATF_CHECK_EQ(1, apply_through("a.test", "relay.test"));
	ATF_CHECK_EQ(WAY_SECURITY_ENCRYPT, security.level);
	ATF_CHECK_EQ(1, apply_through("b.test", "relay.test"));
	ATF_CHECK_EQ(WAY_SECURITY_NONE, security.level);
	policy("relay.test dane");
	ATF_CHECK_EQ(1, apply_through("a.test", "relay.test"));
	ATF_CHECK_EQ(WAY_SECURITY_DANE, security.level);
	policy("mx.test verify");
	ATF_CHECK_EQ(1, apply_through("a.test", "relay.test"));
	ATF_CHECK_EQ(WAY_SECURITY_VERIFY, security.level);
}

ATF_TC_WITHOUT_HEAD(the_certificate_may_have_these_names);
ATF_TC_BODY(the_certificate_may_have_these_names, tc)
{
	policy("* verify");
	policy("a.test verify match=mx,b\xc3\xbc"
	       "cher.test");
	ATF_REQUIRE_EQ(1, apply("b.test", "mx.test", 0));
	ATF_CHECK_EQ(7, security.names.len);
	ATF_CHECK_STREQ("b.test", security.names.s);
	ATF_REQUIRE_EQ(1, apply("b.test", "smart.test", 1));
	ATF_CHECK_STREQ("smart.test", security.names.s);
	ATF_REQUIRE_EQ(1, apply("a.test", "mx.test", 0));
	ATF_CHECK_EQ(8 + 19, security.names.len);
	ATF_CHECK_STREQ("mx.test", security.names.s);
	ATF_CHECK_STREQ("xn--bcher-kva.test", security.names.s + 8);
}

/* r@[192.0.2.1]: in a certificate it has no brackets */
ATF_TC_WITHOUT_HEAD(an_address_is_a_name_of_its_own);
ATF_TC_BODY(an_address_is_a_name_of_its_own, tc)
{
	struct way_security_question q = {
	    .settings = &settings, .domain = "[192.0.2.1]", .host = "192.0.2.1"};

	policy("* verify");
	ATF_REQUIRE_EQ(1, way_policy_apply(&security, &q, &fault));
	ATF_CHECK_STREQ("192.0.2.1", security.names.s);
}

ATF_TC_WITHOUT_HEAD(fingerprints_are_listed);
ATF_TC_BODY(fingerprints_are_listed, tc)
{
	policy("a.test fingerprint sha256=" HEX_64 "," HEX_64);
	ATF_REQUIRE_EQ(1, apply("a.test", "mx.test", 0));
	ATF_CHECK_EQ(WAY_SECURITY_FINGERPRINT, security.level);
	ATF_CHECK_EQ(2 * 65, security.fingerprints.len);
	ATF_CHECK_STREQ(HEX_64, security.fingerprints.s + 65);
	ATF_CHECK_STREQ("control/tlspolicy a.test fingerprint", security.why.s);
}

ATF_TC_WITHOUT_HEAD(a_malformed_line_means_not_now_for_whom_it_is);
ATF_TC_BODY(a_malformed_line_means_not_now_for_whom_it_is, tc)
{
	policy("a.test always");
	ATF_CHECK_EQ(0, apply("b.test", "mx.test", 0));
	ATF_REQUIRE_EQ(-1, apply("a.test", "mx.test", 0));
	ATF_CHECK_EQ('Z', fault.letter);
	ATF_CHECK_STREQ("4.3.5", fault.status);
}

ATF_TC_WITHOUT_HEAD(the_key_changes_with_the_policy);
ATF_TC_BODY(the_key_changes_with_the_policy, tc)
{
	stralloc one = {0}, other = {0};

	policy("* may");
	way_policy_key(&one, &settings, "a.test");
	way_policy_key(&other, &settings, "b.test");
	ATF_CHECK_EQ(one.len, other.len);
	ATF_CHECK_EQ(0, memcmp(one.s, other.s, one.len));
	other.len = 0;
	policy("b.test encrypt");
	way_policy_key(&other, &settings, "a.test");
	ATF_CHECK(one.len != other.len || memcmp(one.s, other.s, one.len) != 0);
	one.len = 0;
	way_policy_key(&one, &settings, "b.test");
	ATF_CHECK(one.len != other.len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_host_of_a_route_goes_before_the_domain);
	ATF_TP_ADD_TC(tp, the_mx_of_another_domain_is_no_way_around_the_line);
	ATF_TP_ADD_TC(tp, the_certificate_may_have_these_names);
	ATF_TP_ADD_TC(tp, an_address_is_a_name_of_its_own);
	ATF_TP_ADD_TC(tp, fingerprints_are_listed);
	ATF_TP_ADD_TC(tp, a_malformed_line_means_not_now_for_whom_it_is);
	ATF_TP_ADD_TC(tp, the_key_changes_with_the_policy);
	return atf_no_error();
}
