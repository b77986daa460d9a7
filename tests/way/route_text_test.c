#include <string.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "way/route_json.h"
#include "way/route_text.h"

static struct way_settings settings;
static struct destination d = {.settings = &settings};
static struct way_security security;
static struct target target = {.host = "mx.to.test",
    .n = 1,
    .port = 25,
    .preference = 10,
    .has_preference = 1,
    .is_mx = 1,
    .security = &security};
static stralloc out;

static void
begin(void)
{
	ATF_REQUIRE(ipaddress_scan("192.0.2.1", target.ip[0]));
	text_set(&security.why, "nobody asks for more");
	security.level = WAY_SECURITY_MAY;
}

static void
check_text(const char *expected)
{
	out.len = 0;
	route_text_host(&out, &d, &target);
	text_terminate(&out);
	ATF_CHECK_STREQ(expected, out.s);
}

static void
add(stralloc *list, const char *value)
{
	text_catb(list, value, strlen(value) + 1);
}

ATF_TC_WITHOUT_HEAD(dane_is_shown_with_its_records);
ATF_TC_BODY(dane_is_shown_with_its_records, tc)
{
	begin();
	target.is_secure = 1;
	check_text("  10 mx.to.test:25 [192.0.2.1]\n"
		   "    TLS: may: nobody asks for more\n"
		   "    DANE: no TLSA records\n"
		   "    MTA-STS: absent, the service sts does not run\n"
		   "    password: no\n");
	security.level = WAY_SECURITY_DANE;
	security.min_version = 12;
	add(&security.names, "mx.to.test");
	add(&security.names, "to.test");
	add(&security.tlsa, "3 1 1 00ff");
	text_set(&security.why, "DANE, TLSA records of mx.to.test");
	check_text(
	    "  10 mx.to.test:25 [192.0.2.1]\n"
	    "    TLS: dane, at least 1.2, for the name mx.to.test to.test: DANE, TLSA "
	    "records of mx.to.test\n"
	    "    DANE: TLSA 3 1 1 00ff\n"
	    "    MTA-STS: absent, DANE goes before it\n"
	    "    password: no\n");
	security.tlsa.len = security.names.len = 0;
	security.is_unusable = 1;
	security.level = WAY_SECURITY_ENCRYPT;
	out.len = 0;
	route_text_host(&out, &d, &target);
	text_terminate(&out);
	ATF_CHECK(strstr(out.s, "DANE: TLSA records that can't be used\n") != NULL);
}

ATF_TC_WITHOUT_HEAD(a_policy_of_sts_is_shown);
ATF_TC_BODY(a_policy_of_sts_is_shown, tc)
{
	begin();
	security.sts = WAY_SECURITY_STS_ENFORCE;
	security.level = WAY_SECURITY_VERIFY;
	strcpy(security.sts_id, "2026");
	security.sts_fits = 1;
	add(&security.names, "mx.to.test");
	text_set(&security.why, "the MTA-STS policy of to.test");
	check_text(
	    "  10 mx.to.test:25 [192.0.2.1]\n"
	    "    TLS: verify, for the name mx.to.test: the MTA-STS policy of to.test\n"
	    "    DANE: none, the DNS is not signed up to there\n"
	    "    MTA-STS: enforce, id 2026\n"
	    "    password: no\n");
	security.sts = WAY_SECURITY_STS_TESTING;
	security.sts_fits = 0;
	outcome_set(&d.refusal, 'Z', "4.7.5", "not in the policy", (char *)NULL);
	out.len = 0;
	route_text_host(&out, &d, &target);
	text_terminate(&out);
	ATF_CHECK(
	    strstr(out.s, "MTA-STS: testing, id 2026, which does not have this host\n") !=
	    NULL);
	ATF_CHECK(strstr(out.s, "    not now: 4.7.5 not in the policy\n") != NULL);
	security.sts = WAY_SECURITY_STS_NONE;
	out.len = 0;
	route_text_host(&out, &d, &target);
	text_terminate(&out);
	ATF_CHECK(strstr(out.s, "MTA-STS: none, id 2026\n") != NULL);
}

ATF_TC_WITHOUT_HEAD(a_path_has_no_dns);
ATF_TC_BODY(a_path_has_no_dns, tc)
{
	begin();
	strcpy(target.host, "/run/l\033mtp");
	target.port = 0;
	target.n = 0;
	target.has_preference = target.is_mx = 0;
	target.kind = TARGET_LMTP;
	check_text("  /run/l mtp lmtp\n"
		   "    TLS: may: nobody asks for more\n"
		   "    password: no\n");
}

ATF_TC_WITHOUT_HEAD(the_same_in_json);
ATF_TC_BODY(the_same_in_json, tc)
{
	begin();
	security.level = WAY_SECURITY_DANE;
	add(&security.tlsa, "3 1 1 00ff");
	target.is_secure = 1;
	route_json_host(&out, &d, &target, 1);
	text_terminate(&out);
	ATF_CHECK_STREQ(
	    "{\"host\":\"mx.to.test\",\"port\":25,\"protocol\":\"smtp\",\"mx\":true,"
	    "\"preference\":10,\"addresses\":[\"192.0.2.1\"],\"tls\":{\"level\":\"dane\","
	    "\"names\":[],\"fingerprints\":[],\"why\":\"nobody asks for more\","
	    "\"policy_domain\":\"\"},\"dane\":{\"signed\":true,\"usable\":true,\"tlsa\":"
	    "[\"3 1 1 00ff\"]},\"sts\":{\"mode\":\"absent\",\"why\":\"DANE goes before "
	    "it\",\"id\":\"\",\"fits\":false},\"password\":\"no\",\"fault\":null}",
	    out.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dane_is_shown_with_its_records);
	ATF_TP_ADD_TC(tp, a_policy_of_sts_is_shown);
	ATF_TP_ADD_TC(tp, a_path_has_no_dns);
	ATF_TP_ADD_TC(tp, the_same_in_json);
	return atf_no_error();
}
