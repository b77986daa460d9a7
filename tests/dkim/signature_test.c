#include <string.h>

#include <atf-c.h>

#include "dkim/signature.h"
#include "lib/text.h"

#define B "; b=AAECAw=="
#define BH "; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
#define REST "; a=rsa-sha256; s=sel; h=From:To" BH B

static struct signature signature;

static const char *
parse(const char *s)
{
	const char *wrong = signature_parse(&signature, s, strlen(s));

	return wrong != NULL ? wrong : "";
}

ATF_TC_WITHOUT_HEAD(takes_a_signature);
ATF_TC_BODY(takes_a_signature, tc)
{
	ATF_REQUIRE_STREQ("",
	    parse(
		" v=1; a=ed25519-sha256;\r\n\tc=relaxed/simple; q=foo : dns/txt; "
		"d=Example.ORG;"
		" i=J=C3=B6rg=3D@\n sub.example.org; s=S1.sel; t=5; x=10; l=0012; h=From "
		":\n to;"
		" bh=2jUSOH9NhtVGCQWNr\n 9BrIAPreKQjO6Sn7XIkfJVOzv8=; b= AAEC\n\tAw== ; "
		"unknown=; \n"));
	ATF_CHECK_EQ(SIGNATURE_ED25519_SHA256, signature.algorithm);
	ATF_CHECK_EQ(CANON_RELAXED, signature.header);
	ATF_CHECK_EQ(CANON_SIMPLE, signature.body);
	ATF_CHECK_STREQ("example.org", signature.domain);
	ATF_CHECK_STREQ("s1.sel", signature.selector);
	ATF_CHECK_STREQ("J\xc3\xb6rg=@sub.example.org", signature.identity);
	ATF_CHECK(signature.is_identity_below);
	ATF_CHECK(signature.has_time && signature.has_expiry && signature.has_limit);
	ATF_CHECK_EQ(5, signature.time);
	ATF_CHECK_EQ(10, signature.expiry);
	ATF_CHECK_EQ(12, signature.limit);
	ATF_CHECK_EQ(4, signature.len);
	ATF_CHECK(memcmp(signature.bytes, "\0\1\2\3", 4) == 0);
	ATF_CHECK_EQ((char)0xda, (char)signature.body_hash[0]);
	ATF_CHECK(memcmp(signature.begin, " AAEC", 5) == 0);
	ATF_CHECK(memcmp(signature.end, "; unknown", 9) == 0);
}

ATF_TC_WITHOUT_HEAD(what_is_missing_has_its_default);
ATF_TC_BODY(what_is_missing_has_its_default, tc)
{
	ATF_REQUIRE_STREQ("", parse("v=1; d=a.b" REST));
	ATF_CHECK_EQ(SIGNATURE_RSA_SHA256, signature.algorithm);
	ATF_CHECK_EQ(CANON_SIMPLE, signature.header);
	ATF_CHECK_EQ(CANON_SIMPLE, signature.body);
	ATF_CHECK_STREQ("@a.b", signature.identity);
	ATF_CHECK(!signature.is_identity_below);
	ATF_CHECK(!signature.has_limit && !signature.has_time && !signature.has_expiry);
	ATF_REQUIRE_STREQ("", parse("v=1; c=relaxed; d=a.b" REST));
	ATF_CHECK_EQ(CANON_RELAXED, signature.header);
	ATF_CHECK_EQ(CANON_SIMPLE, signature.body);
	ATF_CHECK_EQ('\0', *signature.end);
}

ATF_TC_WITHOUT_HEAD(says_what_is_wrong);
ATF_TC_BODY(says_what_is_wrong, tc)
{
	static const char *const cases[][2] = {
	    {"", "malformed list of tags"},
	    {"v=1; d=a.b; d=a.b" REST, "malformed list of tags"},
	    {"v=1; d=a.b; ;" REST, "malformed list of tags"},
	    {"v=1; d=a.b; x" REST, "malformed list of tags"},
	    {"v=1; d=a.b; 1x=y" REST, "malformed list of tags"},
	    {"v=1; d=a.b; y=\001" REST, "malformed list of tags"},
	    {"v=1" REST, "a tag is missing"},
	    {"d=a.b" REST, "a tag is missing"},
	    {"v=2; d=a.b" REST, "v= is unknown"},
	    {"v=1; d=a..b" REST, "d= is no domain"},
	    {"v=1; d=" REST, "d= is no domain"},
	    {"v=1; d=a b" REST, "d= is no domain"},
	    {"v=1; d=.a" REST, "d= is no domain"},
	    {"v=1; d=a.b; q=http" REST, "q= is unknown"},
	    {"v=1; d=a.b; c=nofws" REST, "c= is unknown"},
	    {"v=1; d=a.b; c=simple/" REST, "c= is unknown"},
	    {"v=1; d=a.b; i=x@c.d" REST, "i= is not of d="},
	    {"v=1; d=a.b; i=x@xa.b" REST, "i= is not of d="},
	    {"v=1; d=a.b; i=x" REST, "i= has no domain"},
	    {"v=1; d=a.b; i=x=4@a.b" REST, "i= is malformed"},
	    {"v=1; d=a.b; i=x=00@a.b" REST, "i= is malformed"},
	    {"v=1; d=a.b; l=-1" REST, "l= is no number"},
	    {"v=1; d=a.b; l=" REST, "l= is no number"},
	    {"v=1; d=a.b; t=1a" REST, "t= is no number"},
	    {"v=1; d=a.b; t=9; x=9" REST, "x= is before t="},
	    {"v=1; d=a.b; a=rsa-sha256; s=sel; h=To:Subject" BH B, "From is not signed"},
	    {"v=1; d=a.b; a=rsa-sha256; s=sel; h=From::To" BH B, "h= is malformed"},
	    {"v=1; d=a.b; a=rsa-sha256; s=sel; h=From; bh=AAAA" B, "bh= is malformed"},
	    {"v=1; d=a.b; a=rsa-sha256; s=sel; h=From; b=" BH, "b= is malformed"},
	    {"v=1; d=a.b; a=rsa-sha256; s=sel; h=From; b=A" BH, "b= is malformed"},
	    {"v=1; d=a.b; a=rsa-sha256; s=../x; h=From" BH B, "s= is no selector"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], parse(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(knows_algorithms_that_do_not_count);
ATF_TC_BODY(knows_algorithms_that_do_not_count, tc)
{
	ATF_REQUIRE_STREQ(
	    "", parse("v=1; d=a.b; a=rsa-sha1; s=x; h=From; bh=AAAA; b=AAAA"));
	ATF_CHECK_EQ(SIGNATURE_RSA_SHA1, signature.algorithm);
	ATF_REQUIRE_STREQ(
	    "", parse("v=1; d=a.b; a=dsa-sha9; s=x; h=From; bh=AAAA; b=AAAA"));
	ATF_CHECK_EQ(SIGNATURE_UNKNOWN, signature.algorithm);
}

ATF_TC_WITHOUT_HEAD(takes_domains_in_utf8);
ATF_TC_BODY(takes_domains_in_utf8, tc)
{
	ATF_REQUIRE_STREQ("", parse("v=1; d=b\xc3\xbc"
				    "cher.example; i=x@b\xc3\xbc"
				    "cher.example" REST));
	ATF_CHECK_STREQ("xn--bcher-kva.example", signature.domain);
	ATF_CHECK(!signature.is_identity_below);
}

ATF_TC_WITHOUT_HEAD(bounds_its_names);
ATF_TC_BODY(bounds_its_names, tc)
{
	stralloc s = {0};
	size_t i;

	text_cat(&s, "v=1; d=a.b; a=rsa-sha256; s=sel" BH B "; h=From", (char *)NULL);
	for (i = 1; i < SIGNATURE_NAMES_MAX; i++)
		text_cat(&s, ":x", (char *)NULL);
	text_terminate(&s);
	ATF_CHECK_STREQ("", parse(s.s));
	text_cat(&s, ":x", (char *)NULL);
	text_terminate(&s);
	ATF_CHECK_STREQ("h= has too many names", parse(s.s));
	stralloc_free(&s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, takes_a_signature);
	ATF_TP_ADD_TC(tp, what_is_missing_has_its_default);
	ATF_TP_ADD_TC(tp, says_what_is_wrong);
	ATF_TP_ADD_TC(tp, knows_algorithms_that_do_not_count);
	ATF_TP_ADD_TC(tp, takes_domains_in_utf8);
	ATF_TP_ADD_TC(tp, bounds_its_names);
	return atf_no_error();
}
