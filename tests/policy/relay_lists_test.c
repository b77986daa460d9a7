#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/relay_lists.h"

static void
put_domains(const char *s)
{
	int fd;

	mkdir("control", 0755);
	fd = open("control/relaydomains", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

static int
has(const char *domain)
{
	return relay_lists_domain(domain, strlen(domain));
}

ATF_TC_WITHOUT_HEAD(domains_are_listed_themselves_or_by_a_parent_with_a_dot);
ATF_TC_BODY(domains_are_listed_themselves_or_by_a_parent_with_a_dot, tc)
{
	static const struct {
		const char *domain;
		int has;
	} cases[] = {
	    {"example.test", 1},
	    {"EXAMPLE.test", 1},
	    {"a.example.test", 0},
	    {"notexample.test", 0},
	    {"test", 0},
	    {"a.below.test", 1},
	    {"a.b.BELOW.test", 1},
	    {"below.test", 0},
	    {"xbelow.test", 0},
	    {".below.test", 1},
	    {"", 0},
	    {"m\xc3\xbcller.test", 1},
	    {"xn--mller-kva.test", 1},
	    {"xn--bcher-kva.test", 1},
	    {"b\xc3\xbc"
	     "cher.test",
		1},
	    {"a.xn--kln-sna.test", 1},
	    {"xn--kln-sna.test", 0},
	};
	size_t i;

	put_domains("# ours\nExample.test\n.below.test\nm\xc3\xbcller.test\n"
		    "xn--bcher-kva.test\n.k\xc3\xb6ln.test\n");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ATF_CHECK_EQ_MSG(
		    cases[i].has, has(cases[i].domain), "%s", cases[i].domain);
}

ATF_TC_WITHOUT_HEAD(no_list_allows_nothing);
ATF_TC_BODY(no_list_allows_nothing, tc)
{
	ATF_CHECK_EQ(0, has("example.test"));
	put_domains("");
	ATF_CHECK_EQ(0, has("example.test"));
	ATF_REQUIRE_EQ(0, unlink("control/relaydomains"));
	ATF_REQUIRE_EQ(0, mkdir("control/relaydomains", 0755));
	ATF_CHECK_EQ(-1, has("example.test"));
}

ATF_TC_WITHOUT_HEAD(local_parts_that_ask_for_another_hop_are_known);
ATF_TC_BODY(local_parts_that_ask_for_another_hop_are_known, tc)
{
	static const struct {
		const char *address;
		int routes;
	} cases[] = {
	    {"a@x.test", 0},
	    {"a%b@x.test", 1},
	    {"b!a@x.test", 1},
	    {"\"a@b\"@x.test", 1},
	    {"%@x.test", 1},
	    {"a@x%y.test", 0},
	    {"a+b=c@x.test", 0},
	    {"postmaster", 0},
	    {"a%b", 0},
	    {"", 0},
	    {"@", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ATF_CHECK_EQ_MSG(cases[i].routes,
		    relay_lists_routes(cases[i].address, strlen(cases[i].address)), "%s",
		    cases[i].address);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, domains_are_listed_themselves_or_by_a_parent_with_a_dot);
	ATF_TP_ADD_TC(tp, no_list_allows_nothing);
	ATF_TP_ADD_TC(tp, local_parts_that_ask_for_another_hop_are_known);
	return atf_no_error();
}
