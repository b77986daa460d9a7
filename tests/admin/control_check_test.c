#include <string.h>

#include <atf-c.h>

#include "admin/control_check.h"

ATF_TC_WITHOUT_HEAD(resolvers_are_addresses_with_or_without_port);
ATF_TC_BODY(resolvers_are_addresses_with_or_without_port, tc)
{
	static const struct {
		const char *line;
		int good;
	} cases[] = {
	    {"127.0.0.1", 1},
	    {"127.0.0.1:53", 1},
	    {"::1", 1},
	    {"[::1]", 1},
	    {"[::1]:5353", 1},
	    {"[127.0.0.1]:53", 1},
	    {"", 0},
	    {":53", 0},
	    {"[]:53", 0},
	    {"[::1", 0},
	    {"[::1]53", 0},
	    {"[::1]:", 0},
	    {"127.0.0.1:", 0},
	    {"127.0.0.1:0", 0},
	    {"127.0.0.1:65536", 0},
	    {"127.0.0.1:dns", 0},
	    {"ns.example.test", 0},
	    {"127.0.0.1 127.0.0.2", 0},
	};
	const char *wrong;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		wrong = control_check_resolver(cases[i].line, strlen(cases[i].line));
		ATF_CHECK_MSG((wrong == NULL) == cases[i].good, "%s", cases[i].line);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, resolvers_are_addresses_with_or_without_port);
	return atf_no_error();
}
