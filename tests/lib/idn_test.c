#include <string.h>

#include <atf-c.h>

#include "lib/idn.h"
#include "lib/text.h"

static const char *
domain(const char *s)
{
	static stralloc sa;

	sa.len = 0;
	if (idn_put_domain(&sa, s) == -1)
		return sa.len > 0 ? "changed" : NULL;
	text_terminate(&sa);
	return sa.s;
}

static const char *
address(const char *s)
{
	static stralloc sa;

	sa.len = 0;
	if (idn_put_address(&sa, s) == -1)
		return sa.len > 0 ? "changed" : NULL;
	text_terminate(&sa);
	return sa.s;
}

ATF_TC_WITHOUT_HEAD(domains_have_an_ascii_form);
ATF_TC_BODY(domains_have_an_ascii_form, tc)
{
	ATF_CHECK_STREQ("Example.test", domain("Example.test"));
	ATF_CHECK_STREQ("[192.0.2.1]", domain("[192.0.2.1]"));
	ATF_CHECK_STREQ("xn--bcher-kva.test", domain("bücher.test"));
	ATF_CHECK_STREQ("xn--fa-hia.test", domain("faß.test"));
	ATF_CHECK_EQ(NULL, domain("b\xfc"
				  "cher.test"));
	ATF_CHECK_EQ(NULL, domain("a\xc2\xa0"
				  "b.test"));
}

ATF_TC_WITHOUT_HEAD(addresses_have_one_when_their_local_part_is_ascii);
ATF_TC_BODY(addresses_have_one_when_their_local_part_is_ascii, tc)
{
	ATF_CHECK_STREQ("", address(""));
	ATF_CHECK_STREQ("a", address("a"));
	ATF_CHECK_STREQ("a@xn--bcher-kva.test", address("a@bücher.test"));
	ATF_CHECK_EQ(NULL, address("é@b.test"));
	ATF_CHECK_EQ(NULL, address("é"));
	ATF_CHECK_EQ(NULL, address("a@b\xff"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, domains_have_an_ascii_form);
	ATF_TP_ADD_TC(tp, addresses_have_one_when_their_local_part_is_ascii);
	return atf_no_error();
}
