#include <string.h>

#include <atf-c.h>

#include "lib/srs.h"
#include "lib/text.h"

#define SECRET "tEsT-secret-one"
#define NOW 1796055000 /* JT */
#define DAY 86400

static stralloc out;
static const stralloc secrets = {.s = (char *)"another\0" SECRET, .len = 24};

static const char *
forward(const char *address)
{
	out.len = 0;
	if (!srs_forward(&out, address, "fwd.test", SECRET, NOW))
		return NULL;
	text_terminate(&out);
	return out.s;
}

static enum srs_result
reverse(const char *address, int64_t now)
{
	enum srs_result result;

	out.len = 0;
	result = srs_reverse(&out, address, &secrets, now);
	text_terminate(&out);
	return result;
}

/* What postsrsd 1.10 makes of these with the same secret on the same day. */
ATF_TC_WITHOUT_HEAD(addresses_are_those_of_postsrsd);
ATF_TC_BODY(addresses_are_those_of_postsrsd, tc)
{
	static const char *const pairs[][2] = {
	    {"bob@example.org", "SRS0=sMVQ=JT=example.org=bob@fwd.test"},
	    {"Bob.Smith@Example.ORG", "SRS0=Pm2J=JT=Example.ORG=Bob.Smith@fwd.test"},
	    {"a=b=c@x.test", "SRS0=ofPM=JT=x.test=a=b=c@fwd.test"},
	    {"SRS0=abcd=TT=orig.test=joe@first.test",
		"SRS1=kKgq=first.test==abcd=TT=orig.test=joe@fwd.test"},
	    {"SRS0+abcd+TT+orig.test+joe@first.test",
		"SRS1=U3U6=first.test=+abcd+TT+orig.test+joe@fwd.test"},
	    {NULL, NULL}};
	size_t i;

	for (i = 0; pairs[i][0] != NULL; i++) {
		ATF_CHECK_STREQ(pairs[i][1], forward(pairs[i][0]));
		ATF_CHECK_EQ(SRS_GOOD, reverse(pairs[i][1], NOW));
		ATF_CHECK_STREQ(pairs[i][0], out.s);
	}
	/* the second of three: the one before leaves */
	ATF_CHECK_STREQ(pairs[3][1],
	    forward("SRS1=xyzw=first.test==abcd=TT=orig.test=joe@second.test"));
}

ATF_TC_WITHOUT_HEAD(case_that_was_lost_does_no_harm);
ATF_TC_BODY(case_that_was_lost_does_no_harm, tc)
{
	ATF_CHECK_EQ(
	    SRS_GOOD, reverse("srs0=pm2j=jt=example.org=bob.smith@fwd.test", NOW));
	ATF_CHECK_STREQ("bob.smith@example.org", out.s);
	ATF_CHECK_EQ(SRS_GOOD,
	    reverse("srs1=kkgq=first.test==abcd=tt=orig.test=joe@fwd.test", NOW));
	ATF_CHECK_STREQ("SRS0=abcd=tt=orig.test=joe@first.test", out.s);
}

ATF_TC_WITHOUT_HEAD(an_address_is_good_for_three_weeks);
ATF_TC_BODY(an_address_is_good_for_three_weeks, tc)
{
	static const char address[] = "SRS0=sMVQ=JT=example.org=bob@fwd.test";

	ATF_CHECK_EQ(SRS_GOOD, reverse(address, NOW + 21 * DAY));
	ATF_CHECK_EQ(SRS_EXPIRED, reverse(address, NOW + 22 * DAY));
	ATF_CHECK_EQ(SRS_EXPIRED, reverse(address, NOW + 1000 * DAY));
	ATF_CHECK_EQ(SRS_GOOD, reverse(address, SRS_ALWAYS));
}

ATF_TC_WITHOUT_HEAD(what_was_forged_is_seen);
ATF_TC_BODY(what_was_forged_is_seen, tc)
{
	static const char *const forged[] = {"SRS0=sMVR=JT=example.org=bob@fwd.test",
	    "SRS0=sMVQ=JU=example.org=bob@fwd.test",
	    "SRS0=sMVQ=JT=example.com=bob@fwd.test",
	    "SRS0=sMVQ=JT=example.org=eve@fwd.test",
	    "SRS0=sMV=JT=example.org=bob@fwd.test",
	    "SRS0=sMVQA=JT=example.org=bob@fwd.test", "SRS0==JT=example.org=bob@fwd.test",
	    "SRS0=sMVQ=JT@fwd.test", "SRS0=sMVQ@fwd.test", "SRS0=@fwd.test",
	    "SRS1=kKgr=first.test==abcd=TT=orig.test=joe@fwd.test",
	    "SRS1=kKgq=first.test@fwd.test", "SRS1=@fwd.test", NULL};
	size_t i;

	for (i = 0; forged[i] != NULL; i++)
		ATF_CHECK_EQ_MSG(SRS_FORGED, reverse(forged[i], NOW), "%s", forged[i]);
	ATF_CHECK_EQ(SRS_NONE, reverse("srs@fwd.test", NOW));
	ATF_CHECK_EQ(SRS_NONE, reverse("SRS2=kKgq=x@fwd.test", NOW));
	ATF_CHECK_EQ(SRS_NONE, reverse("SRS0bob@fwd.test", NOW));
	ATF_CHECK(srs_is("srs0-x@fwd.test") && srs_is("\"SRS1+x y\"@fwd.test"));
	ATF_CHECK(!srs_is("SRS0=x") && !srs_is("xSRS0=x@fwd.test"));
}

ATF_TC_WITHOUT_HEAD(quotes_stand_where_they_are_needed);
ATF_TC_BODY(quotes_stand_where_they_are_needed, tc)
{
	static const char *const odd[] = {
	    "\"a b\"@x.test", "\"a\\\"b\\\\\"@x.test", "\"a..b\"@x.test", NULL};
	const char *made;
	char copy[200];
	size_t i;

	for (i = 0; odd[i] != NULL; i++) {
		made = forward(odd[i]);
		ATF_REQUIRE(made != NULL && made[0] == '"');
		strcpy(copy, made);
		ATF_CHECK_EQ(SRS_GOOD, reverse(copy, NOW));
		ATF_CHECK_STREQ(odd[i], out.s);
	}
	/* where there is no need they are gone */
	made = forward("\"ab\"@x.test");
	strcpy(copy, made);
	ATF_CHECK_EQ(SRS_GOOD, reverse(copy, NOW));
	ATF_CHECK_STREQ("ab@x.test", out.s);
}

/* RFC 5321 has 64 bytes of a local part; of what was shorter more may become. */
ATF_TC_WITHOUT_HEAD(long_ones_come_back);
ATF_TC_BODY(long_ones_come_back, tc)
{
	char address[300], made[400];
	size_t len;

	for (len = 60; len <= 200; len += 70) {
		memset(address, 'a', len);
		strcpy(address + len, "@a-long-domain.example.test");
		ATF_REQUIRE(forward(address) != NULL);
		strcpy(made, out.s);
		ATF_CHECK_EQ(SRS_GOOD, reverse(made, NOW));
		ATF_CHECK_STREQ(address, out.s);
		/* and as the second of two */
		memcpy(strrchr(made, '@'), "@first.test", sizeof "@first.test");
		if (forward(made) != NULL) {
			strcpy(made, out.s);
			ATF_CHECK_EQ(SRS_GOOD, reverse(made, NOW));
		}
	}
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_is_left);
ATF_TC_BODY(what_can_not_be_is_left, tc)
{
	char address[400];

	memset(address, 'a', sizeof(address));
	strcpy(address + 240, "@x.test");
	ATF_CHECK(forward(address) == NULL);
	ATF_CHECK(forward("bob") == NULL);
	ATF_CHECK(forward("SRS1=x@y.test") == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addresses_are_those_of_postsrsd);
	ATF_TP_ADD_TC(tp, case_that_was_lost_does_no_harm);
	ATF_TP_ADD_TC(tp, an_address_is_good_for_three_weeks);
	ATF_TP_ADD_TC(tp, what_was_forged_is_seen);
	ATF_TP_ADD_TC(tp, quotes_stand_where_they_are_needed);
	ATF_TP_ADD_TC(tp, long_ones_come_back);
	ATF_TP_ADD_TC(tp, what_can_not_be_is_left);
	return atf_no_error();
}
