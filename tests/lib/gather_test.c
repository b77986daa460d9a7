#include <string.h>

#include <atf-c.h>

#include "lib/gather.h"

/* What is left of it. */
static const char *
left(const struct gather *g)
{
	static char s[100];
	size_t i, len = 0;

	for (i = g->begin; i < g->end; i++) {
		memcpy(s + len, g->list[i].iov_base, g->list[i].iov_len);
		len += g->list[i].iov_len;
	}
	s[len] = '\0';
	return s;
}

ATF_TC_WITHOUT_HEAD(what_has_gone_is_stepped_over);
ATF_TC_BODY(what_has_gone_is_stepped_over, tc)
{
	static const char all[] = "1:M,10:0123456789,0:,3:end,";
	struct gather g = {.begin = 0};
	size_t i;

	gather_add(&g, "1:M,", 4);
	gather_add_netstring(&g, "0123456789", 10);
	gather_add_netstring(&g, "", 0);
	gather_add_netstring(&g, "end", 3);
	for (i = 0; i < sizeof all - 1; i++) {
		ATF_CHECK_STREQ(all + i, left(&g));
		gather_took(&g, 1);
	}
	ATF_CHECK_EQ(g.begin, g.end);

	g = (struct gather){.begin = 0};
	gather_add(&g, "abc", 3);
	gather_add(&g, "def", 3);
	gather_took(&g, 4);
	ATF_CHECK_STREQ("ef", left(&g));
	gather_took(&g, 2);
	ATF_CHECK_EQ(g.begin, g.end);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_has_gone_is_stepped_over);
	return atf_no_error();
}
