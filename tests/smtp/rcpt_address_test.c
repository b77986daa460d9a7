#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "smtp/rcpt_address.h"

#define ME "mx.x.test"

static void
put(const char *name, const char *s)
{
	char path[100];
	int fd;

	mkdir("control", 0755);
	snprintf(path, sizeof(path), "control/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

/* The address that the path stands for, or the reply that refuses it. */
static const char *
chosen(const char *path)
{
	static stralloc address;
	struct smtp_path scanned;
	const char *reply;

	ATF_REQUIRE_EQ_MSG(
	    strlen(path), smtp_path_scan(path, strlen(path), &scanned), "%s", path);
	reply = rcpt_address_choose(&address, &scanned, ME);
	return reply != NULL ? reply : address.s;
}

static const struct {
	const char *path;
	const char *address; /* or the code of a refusal */
} cases[] = {
    {"<a@y.test>", "a@y.test"},
    {"<A@Y.test>", "A@Y.test"},
    {"<postmaster>", "postmaster@x.test"},
    {"<PostMaster>", "PostMaster@x.test"},
    {"<\"postmaster\">", "postmaster@x.test"},
    {"<root>", "5"},
    {"<>", "5"},
    /* by our name, which has no mail of its own */
    {"<postmaster@mx.x.test>", "postmaster@x.test"},
    {"<postmaster@MX.x.test>", "postmaster@x.test"},
    {"<a@mx.x.test>", "a@mx.x.test"},
    {"<postmaster@y.test>", "postmaster@y.test"},
    /* by the address that the client has connected to */
    {"<postmaster@[192.0.2.1]>", "postmaster@x.test"},
    {"<a@[192.0.2.1]>", "a@[192.0.2.1]"},
    {"<postmaster@[192.0.2.9]>", "postmaster@[192.0.2.9]"},
    /* by one of control/localips */
    {"<a@[198.51.100.7]>", "a@x.test"},
    {"<postmaster@[198.51.100.7]>", "postmaster@x.test"},
    {"<a@[IPv6:2001:db8::7]>", "a@x.test"},
    {"<a@[IPv6:2001:db8:1::7]>", "a@[IPv6:2001:db8:1::7]"},
    {"<a@[198.51.101.7]>", "a@[198.51.101.7]"},
};

ATF_TC_WITHOUT_HEAD(ours_are_at_the_default_domain);
ATF_TC_BODY(ours_are_at_the_default_domain, tc)
{
	size_t i;

	put("defaultdomain", "x.test\n");
	put("domains", "x.test\n");
	put("localips", "198.51.100.0/24\n2001:db8::/48\n0.0.0.0/0\nnonsense\n");
	setenv("TCPLOCALIP", "192.0.2.1", 1);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *address = chosen(cases[i].path);

		if (strlen(cases[i].address) == 1)
			ATF_CHECK_EQ_MSG(
			    *cases[i].address, *address, "%s", cases[i].path);
		else
			ATF_CHECK_STREQ_MSG(
			    cases[i].address, address, "%s", cases[i].path);
	}
}

ATF_TC_WITHOUT_HEAD(a_name_that_is_a_domain_too_keeps_its_postmaster);
ATF_TC_BODY(a_name_that_is_a_domain_too_keeps_its_postmaster, tc)
{
	put("defaultdomain", "x.test\n");
	put("domains", "x.test\nMX.x.test\n");
	ATF_CHECK_STREQ("postmaster@mx.x.test", chosen("<postmaster@mx.x.test>"));
}

ATF_TC_WITHOUT_HEAD(without_a_default_domain_it_is_our_name);
ATF_TC_BODY(without_a_default_domain_it_is_our_name, tc)
{
	unsetenv("TCPLOCALIP");
	ATF_CHECK_STREQ("postmaster@" ME, chosen("<postmaster>"));
	ATF_CHECK_STREQ("postmaster@[192.0.2.1]", chosen("<postmaster@[192.0.2.1]>"));
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_read_is_not_now);
ATF_TC_BODY(what_can_not_be_read_is_not_now, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("control", 0755));
	ATF_REQUIRE_EQ(0, mkdir("control/defaultdomain", 0755));
	ATF_REQUIRE_EQ(0, mkdir("control/localips", 0755));
	ATF_REQUIRE_EQ(0, mkdir("control/domains", 0755));
	ATF_CHECK_EQ('4', *chosen("<postmaster>"));
	ATF_CHECK_EQ('4', *chosen("<a@[192.0.2.1]>"));
	ATF_CHECK_EQ('4', *chosen("<postmaster@mx.x.test>"));
	/* which is nothing to others */
	ATF_CHECK_STREQ("a@y.test", chosen("<a@y.test>"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ours_are_at_the_default_domain);
	ATF_TP_ADD_TC(tp, a_name_that_is_a_domain_too_keeps_its_postmaster);
	ATF_TP_ADD_TC(tp, without_a_default_domain_it_is_our_name);
	ATF_TP_ADD_TC(tp, what_can_not_be_read_is_not_now);
	return atf_no_error();
}
