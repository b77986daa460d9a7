#include <string.h>

#include <atf-c.h>

#include "lib/ip_families.h"
#include "lib/ipaddress.h"

ATF_TC_WITHOUT_HEAD(families_are_one_or_both);
ATF_TC_BODY(families_are_one_or_both, tc)
{
	static const struct {
		const char *text;
		int has_ip4, has_ip6, ip6_first; /* all 0: malformed */
	} cases[] = {
	    {"ipv4", 1, 0, 0},
	    {"ipv6", 0, 1, 1},
	    {"ipv4 ipv6", 1, 1, 0},
	    {"ipv6\tipv4 ", 1, 1, 1},
	    {"", 0, 0, 0},
	    {"ipv4 ipv4", 0, 0, 0},
	    {"ipv4ipv6", 0, 0, 0},
	    {"ipv5", 0, 0, 0},
	    {"ipv4,ipv6", 0, 0, 0},
	    {"ipv", 0, 0, 0},
	};
	struct ip_families f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int sound = cases[i].has_ip4 || cases[i].has_ip6;

		ATF_CHECK_EQ_MSG(sound,
		    ip_families_parse(&f, cases[i].text, strlen(cases[i].text)), "%s",
		    cases[i].text);
		if (!sound)
			continue;
		ATF_CHECK_EQ(cases[i].has_ip4, f.has_ip4);
		ATF_CHECK_EQ(cases[i].has_ip6, f.has_ip6);
		ATF_CHECK_EQ(cases[i].ip6_first, f.ip6_first);
	}
}

/* Sort the addresses of from and compare with those of to; both have blanks between. */
static void
check_order(const char *families, const char *from, const char *to)
{
	unsigned char ip[10][16];
	char words[200], text[IPADDRESS_TEXT_MAX], out[200] = "";
	struct ip_families f;
	size_t n = 0;

	strcpy(words, from);
	for (char *s = strtok(words, " "); s != NULL; s = strtok(NULL, " "))
		ATF_REQUIRE(ipaddress_scan(s, ip[n++]));
	ATF_REQUIRE(ip_families_parse(&f, families, strlen(families)));
	n = ip_families_sort(&f, ip, n);
	for (size_t i = 0; i < n; i++)
		strcat(strcat(out, i > 0 ? " " : ""), ipaddress_text(text, ip[i]));
	ATF_CHECK_STREQ(to, out);
}

ATF_TC_WITHOUT_HEAD(families_alternate);
ATF_TC_BODY(families_alternate, tc)
{
	check_order("ipv4 ipv6", "1.0.0.1 1.0.0.2 1.0.0.3 fd::1 fd::2",
	    "1.0.0.1 fd::1 1.0.0.2 fd::2 1.0.0.3");
	check_order("ipv6 ipv4", "1.0.0.1 1.0.0.2 1.0.0.3 fd::1",
	    "fd::1 1.0.0.1 1.0.0.2 1.0.0.3");
	check_order(
	    "ipv4 ipv6", "1.0.0.1 fd::1 fd::2 fd::3", "1.0.0.1 fd::1 fd::2 fd::3");
	check_order("ipv4", "fd::1 1.0.0.1 fd::2 1.0.0.2", "1.0.0.1 1.0.0.2");
	check_order("ipv6", "1.0.0.1", "");
	check_order("ipv4 ipv6", "", "");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, families_are_one_or_both);
	ATF_TP_ADD_TC(tp, families_alternate);
	return atf_no_error();
}
