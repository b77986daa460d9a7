#include <string.h>

#include <atf-c.h>

#include "policy/sender_rights.h"

static int
grants(const char *line, const char *user, const char *address)
{
	return sender_rights_line(line, user, address, strlen(address));
}

ATF_TC_WITHOUT_HEAD(a_line_gives_an_address_a_domain_or_all);
ATF_TC_BODY(a_line_gives_an_address_a_domain_or_all, tc)
{
	ATF_CHECK_EQ(1, grants("joe@x.test:info@y.test", "joe@x.test", "info@y.test"));
	ATF_CHECK_EQ(1, grants("Joe@X.test: Info@Y.test", "joe@x.test", "info@y.test"));
	ATF_CHECK_EQ(0, grants("joe@x.test:info@y.test", "tom@x.test", "info@y.test"));
	ATF_CHECK_EQ(0, grants("joe@x.test:info@y.test", "joe@x.test", "tom@y.test"));
	ATF_CHECK_EQ(1, grants("joe@x.test:@Y.test", "joe@x.test", "tom@y.test"));
	ATF_CHECK_EQ(0, grants("joe@x.test:@y.test", "joe@x.test", "tom@z.y.test"));
	ATF_CHECK_EQ(0, grants("joe@x.test:@y.test", "tom@x.test", "tom@y.test"));
	ATF_CHECK_EQ(1, grants("joe@x.test:*", "joe@x.test", "any@where"));
	ATF_CHECK_EQ(1, grants("*:info@x.test", "joe@x.test", "info@x.test"));
	ATF_CHECK_EQ(0, grants("*:info@x.test", "joe@x.test", "tom@x.test"));
}

ATF_TC_WITHOUT_HEAD(malformed_lines_give_nothing);
ATF_TC_BODY(malformed_lines_give_nothing, tc)
{
	ATF_CHECK_EQ(-1, grants("joe@x.test", "joe@x.test", "a@b"));
	ATF_CHECK_EQ(-1, grants("joe@x.test:", "joe@x.test", "a@b"));
	ATF_CHECK_EQ(-1, grants("joe@x.test: ", "joe@x.test", "a@b"));
	ATF_CHECK_EQ(-1, grants(":*", "joe@x.test", "a@b"));
	ATF_CHECK_EQ(0, grants("joe@x.test:@", "joe@x.test", "a@b"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_gives_an_address_a_domain_or_all);
	ATF_TP_ADD_TC(tp, malformed_lines_give_nothing);
	return atf_no_error();
}
