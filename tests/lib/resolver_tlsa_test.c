/* Questions to a validating server: tests/lib/signed_dns.sh makes it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/resolver.h"
#include "lib/resolver_tlsa.h"
#include "lib/resolver_trust.h"

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct resolver r;
static struct mx_list mx;
static struct resolver_tlsa_bases bases;

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE(fputs(text, f) >= 0 && fclose(f) == 0);
}

static void
begin(const atf_tc_t *tc)
{
	char command[2000], line[64];
	const char *why;
	FILE *f;

	put("zone", "to.test. MX 10 mx.test.\n"
		    "mx.test. A 127.0.0.2\n"
		    "six.test. AAAA ::1\n"
		    "none.test. A 127.0.0.1\n"
		    "alias.test. CNAME mx.test.\n"
		    "out.test. CNAME host.insecure.\n"
		    "_25._tcp.mx.test. TLSA 3 1 1 " DIGEST "\n"
		    "_25._tcp.mx.test. TLSA 2 0 1 " DIGEST "\n"
		    "_25._tcp.mx.test. TLSA 1 0 1 " DIGEST "\n"
		    "_25._tcp.old.test. TLSA 0 0 1 " DIGEST "\n");
	put("insecure", "host.insecure. A 127.0.0.3\n"
			"insecure. MX 10 host.insecure.\n"
			"_25._tcp.host.insecure. TLSA 3 1 1 " DIGEST "\n");
	put("expired", "_25._tcp.host.expired. TLSA 3 1 1 " DIGEST "\n");
	put("bogus", "_25._tcp.host.bogus. TLSA 3 1 1 " DIGEST "\n"
		     "bogus. MX 10 mx.test.\n");
	snprintf(command, sizeof(command),
	    "atf_skip() { exit 9; }; atf_fail() { echo \"$@\"; exit 8; }\n"
	    ". %s/signed_dns.sh && signed_dns_begin && echo $DNS >server",
	    atf_tc_get_config_var(tc, "srcdir"));
	switch (system(command)) {
	case 0:
		break;
	case 9 << 8:
		atf_tc_skip("no unbound and ldnsutils");
	default:
		atf_tc_fail("no DNS server");
	}
	f = fopen("server", "r");
	ATF_REQUIRE(f != NULL && fgets(line, sizeof(line), f) != NULL);
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	ATF_REQUIRE_EQ(0, resolver_open(&r, line, strlen(line) + 1, &why));
}

static void
end(void)
{
	resolver_close(&r);
	system("kill $(cat dns/pid)");
}

static enum resolver_lookup
look(const char *name, const char *wanted)
{
	stralloc records = {0};
	enum resolver_lookup lookup = resolver_tlsa(&r, name, &records);

	ATF_CHECK_EQ(strlen(wanted) + (*wanted != '\0'), records.len);
	if (records.len > 0)
		ATF_CHECK_STREQ(wanted, records.s);
	stralloc_free(&records);
	return lookup;
}

ATF_TC_WITH_CLEANUP(what_is_signed_is_told_from_the_rest);
ATF_TC_HEAD(what_is_signed_is_told_from_the_rest, tc)
{
	atf_tc_set_md_var(tc, "descr", "MX, addresses and TLSA records, with the AD bit");
}
ATF_TC_BODY(what_is_signed_is_told_from_the_rest, tc)
{
	begin(tc);
	ATF_CHECK(r.is_local && r.believes);
	ATF_CHECK_EQ(1, resolver_trust_validates(&r, 10));
	ATF_CHECK_EQ(RESOLVER_FOUND, resolver_mx(&r, "to.test", &mx));
	ATF_CHECK(mx.n == 1 && mx.is_secure);
	ATF_CHECK_EQ(RESOLVER_NOTHING, resolver_mx(&r, "mx.test", &mx));
	ATF_CHECK(mx.is_secure);
	ATF_CHECK_EQ(RESOLVER_NO_NAME, resolver_mx(&r, "nobody.mx.test", &mx));
	ATF_CHECK_EQ(RESOLVER_FOUND, resolver_mx(&r, "insecure", &mx));
	ATF_CHECK(mx.n == 1 && !mx.is_secure);
	ATF_CHECK_EQ(RESOLVER_FAILED, resolver_mx(&r, "bogus", &mx));
	ATF_CHECK(!mx.is_secure);

	resolver_tlsa_bases(&r, "mx.test", &bases);
	ATF_REQUIRE_EQ(1, bases.n);
	ATF_CHECK_STREQ("mx.test", bases.names[0]);
	resolver_tlsa_bases(&r, "six.test", &bases);
	ATF_CHECK_EQ(1, bases.n);
	resolver_tlsa_bases(&r, "alias.test", &bases);
	ATF_REQUIRE_EQ(2, bases.n);
	ATF_CHECK_STREQ("mx.test", bases.names[0]);
	ATF_CHECK_STREQ("alias.test", bases.names[1]);
	resolver_tlsa_bases(&r, "out.test", &bases);
	ATF_REQUIRE_EQ(1, bases.n);
	ATF_CHECK_STREQ("out.test", bases.names[0]);
	resolver_tlsa_bases(&r, "host.insecure", &bases);
	ATF_CHECK(bases.n == 0 && bases.lookup == RESOLVER_FOUND);
	end();
}
ATF_TC_CLEANUP(what_is_signed_is_told_from_the_rest, tc)
{
	(void)tc;
	system("kill $(cat dns/pid) 2>/dev/null");
}

ATF_TC_WITH_CLEANUP(records_are_taken_when_they_are_signed);
ATF_TC_HEAD(records_are_taken_when_they_are_signed, tc)
{
	atf_tc_set_md_var(tc, "descr", "TLSA records");
}
ATF_TC_BODY(records_are_taken_when_they_are_signed, tc)
{
	stralloc records = {0};
	const char *why;
	char remote[] = "192.0.2.1";

	begin(tc);
	ATF_CHECK_EQ(RESOLVER_FOUND, resolver_tlsa(&r, "_25._tcp.mx.test", &records));
	ATF_CHECK_EQ(2 * sizeof("3 1 1 " DIGEST), records.len); /* of two of three */
	stralloc_free(&records);
	ATF_CHECK_EQ(RESOLVER_FOUND, look("_25._tcp.old.test", ""));
	ATF_CHECK_EQ(RESOLVER_NO_NAME, look("_25._tcp.none.test", ""));
	ATF_CHECK_EQ(RESOLVER_NOTHING, look("_25._tcp.host.insecure", ""));
	ATF_CHECK_EQ(RESOLVER_FAILED, look("_25._tcp.host.expired", ""));
	ATF_CHECK_EQ(RESOLVER_FAILED, look("_25._tcp.host.bogus", ""));

	/* what one that is not on this machine says is not believed, but when it is to be
	 */
	r.believes = 0;
	ATF_CHECK_EQ(RESOLVER_NOTHING, look("_25._tcp.mx.test", ""));
	end();
	memset(&r, 0, sizeof(r));
	ATF_REQUIRE_EQ(0, resolver_open(&r, remote, sizeof(remote), &why));
	ATF_CHECK(!r.is_local && !r.believes);
	resolver_close(&r);
	r.trusts_any = 1;
	ATF_REQUIRE_EQ(0, resolver_open(&r, remote, sizeof(remote), &why));
	ATF_CHECK(!r.is_local && r.believes);
	resolver_close(&r);
}
ATF_TC_CLEANUP(records_are_taken_when_they_are_signed, tc)
{
	(void)tc;
	system("kill $(cat dns/pid) 2>/dev/null");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_signed_is_told_from_the_rest);
	ATF_TP_ADD_TC(tp, records_are_taken_when_they_are_signed);
	return atf_no_error();
}
