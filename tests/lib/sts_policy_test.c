#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "lib/sts_policy.h"

#define SOUND                                                                            \
	"version: STSv1\nmode: enforce\nmx: mx.to.test\nmx: *.Pool.test\nmax_age: "      \
	"86400\n"

static struct sts_policy p;

static const char *
parse(const char *text)
{
	return sts_policy_parse(&p, text, strlen(text));
}

ATF_TC_WITHOUT_HEAD(a_policy_is_taken_apart);
ATF_TC_BODY(a_policy_is_taken_apart, tc)
{
	ATF_REQUIRE(parse(SOUND) == NULL);
	ATF_CHECK_EQ(STS_POLICY_ENFORCE, p.mode);
	ATF_CHECK_EQ(86400, p.max_age);
	ATF_CHECK_EQ(sizeof "mx.to.test" + sizeof "*.pool.test", p.hosts_len);
	ATF_CHECK_STREQ("*.pool.test", p.hosts + sizeof "mx.to.test");
	ATF_REQUIRE(parse("version:STSv1\r\nmode:\ttesting \r\nmx: a.test\r\nmax_age: "
			  "0099999999\r\nlater: new\r\n\r\nmode: none") == NULL);
	ATF_CHECK_EQ(STS_POLICY_TESTING, p.mode);
	ATF_CHECK_EQ(STS_POLICY_AGE_MAX, p.max_age);
	ATF_REQUIRE(parse("mode: none\nmax_age: 1\nversion: STSv1") == NULL);
	ATF_CHECK_EQ(STS_POLICY_NONE, p.mode);
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_none);
ATF_TC_BODY(what_is_malformed_is_none, tc)
{
	static const char *const bad[] = {"", "<html>", "version: STSv2\n" SOUND,
	    "version: STSv1\nmode: enforce\nmax_age: 1", "mode: none\nmax_age: 1",
	    "version: STSv1\nmode: Enforce\nmx: a.test\nmax_age: 1",
	    "version: STSv1\nmode: enforce\nmx: a.test",
	    "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: -1",
	    "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 12345678901",
	    "version: STSv1\nmode: enforce\nmx: a.*.test\nmax_age: 1",
	    "version: STSv1\nmode: enforce\nmx: *.\nmax_age: 1",
	    "version: STSv1\nmode: enforce\nmx: *\nmax_age: 1",
	    "version: STSv1\nmode: enforce\nmx: a..test\nmax_age: 1",
	    "version: STSv1\nmode: enforce\nmx:\nmax_age: 1"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_MSG(parse(bad[i]) != NULL, "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(hosts_are_compared);
ATF_TC_BODY(hosts_are_compared, tc)
{
	ATF_REQUIRE(parse(SOUND) == NULL);
	ATF_CHECK(sts_policy_fits(&p, "MX.to.test"));
	ATF_CHECK(sts_policy_fits(&p, "a.pool.test"));
	ATF_CHECK(!sts_policy_fits(&p, "pool.test"));
	ATF_CHECK(!sts_policy_fits(&p, ".pool.test"));
	ATF_CHECK(!sts_policy_fits(&p, "b.a.pool.test"));
	ATF_CHECK(!sts_policy_fits(&p, "mx.to.test.evil"));
	ATF_CHECK(!sts_policy_fits(&p, "*.pool.test.evil"));
}

/* RFC 8461, 3.2 has a limit for the bytes only. */
ATF_TC_WITHOUT_HEAD(all_hosts_count);
ATF_TC_BODY(all_hosts_count, tc)
{
	static char text[STS_POLICY_BYTES + 100];
	char *end = stpcpy(text, "version:STSv1\nmode:enforce\nmax_age:1\n");
	int n = 0;

	while (end - text < STS_POLICY_BYTES - 20)
		end += sprintf(end, "mx:m%d.test\n", n++);
	ATF_REQUIRE(parse(text) == NULL);
	ATF_CHECK(n > 1000);
	ATF_CHECK(sts_policy_fits(&p, "m0.test"));
	ATF_CHECK(sts_policy_fits(&p, "m64.test"));
	sprintf(text + STS_POLICY_BYTES, "m%d.test", n - 1);
	ATF_CHECK(sts_policy_fits(&p, text + STS_POLICY_BYTES));
	sprintf(text + STS_POLICY_BYTES, "m%d.test", n);
	ATF_CHECK(!sts_policy_fits(&p, text + STS_POLICY_BYTES));
}

ATF_TC_WITHOUT_HEAD(ids_are_found);
ATF_TC_BODY(ids_are_found, tc)
{
	static const struct {
		const char *record, *id;
		int found;
	} cases[] = {
	    {"v=STSv1; id=20160831085700Z;", "20160831085700Z", 1},
	    {"v=STSv1;id=1", "1", 1},
	    {"v=STSv1 ; new=x; id = 2 ; id=3", "2", 1},
	    {"v=STSv1; id=12345678901234567890123456789012",
		"12345678901234567890123456789012", 1},
	    {"v=STSv1; id=123456789012345678901234567890123", "", -1},
	    {"v=STSv1; id=a-b", "", -1},
	    {"v=STSv1; id=", "", -1},
	    {"v=STSv1;", "", -1},
	    {"v=STSv10; id=1", "", 0},
	    {"v=spf1 -all", "", 0},
	    {"", "", 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char id[STS_POLICY_ID_MAX + 1] = "";

		ATF_CHECK_EQ_MSG(cases[i].found,
		    sts_policy_id(id, cases[i].record, strlen(cases[i].record)), "%s",
		    cases[i].record);
		ATF_CHECK_STREQ(cases[i].id, id);
	}
}

ATF_TC_WITHOUT_HEAD(what_is_kept_is_read_again);
ATF_TC_BODY(what_is_kept_is_read_again, tc)
{
	char file[1000];
	size_t len;

	strcpy(p.id, "abc1");
	p.fetched = 1700000000;
	len = sts_policy_first_line(&p, file);
	ATF_REQUIRE_EQ(strlen("sts1 1700000000 abc1\n"), len);
	strcpy(file + len, SOUND);
	memset(&p, 0, sizeof(p));
	ATF_REQUIRE_EQ(0, sts_policy_read(&p, file, strlen(file)));
	ATF_CHECK_STREQ("abc1", p.id);
	ATF_CHECK_EQ(1700086400, sts_policy_end(&p));
	ATF_CHECK_EQ(-1, sts_policy_read(&p, file + 1, strlen(file) - 1));
	ATF_CHECK_EQ(-1, sts_policy_read(&p, file, len));
	ATF_CHECK_EQ(-1, sts_policy_read(&p, file, 0));
}

ATF_TC_WITHOUT_HEAD(domains_are_names_of_files);
ATF_TC_BODY(domains_are_names_of_files, tc)
{
	ATF_CHECK(sts_policy_is_domain("to.test"));
	ATF_CHECK(sts_policy_is_domain("xn--bcher-kva.test"));
	ATF_CHECK(!sts_policy_is_domain("To.test"));
	ATF_CHECK(!sts_policy_is_domain("a/../b.test"));
	ATF_CHECK(!sts_policy_is_domain(".."));
	ATF_CHECK(!sts_policy_is_domain(".hidden.test"));
	ATF_CHECK(!sts_policy_is_domain("[127.0.0.1]"));
	ATF_CHECK(!sts_policy_is_domain("localhost"));
	ATF_CHECK(!sts_policy_is_domain(""));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_policy_is_taken_apart);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_none);
	ATF_TP_ADD_TC(tp, hosts_are_compared);
	ATF_TP_ADD_TC(tp, all_hosts_count);
	ATF_TP_ADD_TC(tp, ids_are_found);
	ATF_TP_ADD_TC(tp, what_is_kept_is_read_again);
	ATF_TP_ADD_TC(tp, domains_are_names_of_files);
	return atf_no_error();
}
