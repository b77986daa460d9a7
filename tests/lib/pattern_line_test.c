#include <string.h>

#include <atf-c.h>

#include "lib/pattern_line.h"

static const char list[] = "a.test 1\0"
			   "A.test 2\0"
			   ".a.test. 3\0"
			   "x@a.test 4\0"
			   "@a.test 5\0"
			   "@.a.test 6\0"
			   "alone\0"
			   "m\xc3\xbcller.test 7\0"
			   "@.xn--mller-kva.test 8";

static void
check_line(const char *expected, const char *line)
{
	if (expected == NULL)
		ATF_CHECK_MSG(line == NULL, "%s", line);
	else
		ATF_CHECK_STREQ(expected, line != NULL ? line : "none");
}

ATF_TC_WITHOUT_HEAD(the_closest_line_is_found);
ATF_TC_BODY(the_closest_line_is_found, tc)
{
	static const struct {
		const char *key, *line;
	} domains[] =
	    {
		{"a.test", "a.test 1"},
		{"A.Test.", "a.test 1"},
		{"b.a.test", ".a.test. 3"},
		{"c.b.a.test", ".a.test. 3"},
		{"ba.test", NULL},
		{"test", NULL},
		{"", NULL},
		{".", NULL},
		{"alone", "alone"},
		{"xn--mller-kva.test", "m\xc3\xbcller.test 7"},
	    },
	  senders[] = {
	      {"x@a.test", "x@a.test 4"},
	      {"y@a.test", "@a.test 5"},
	      {"y@b.a.test", "@.a.test 6"},
	      {"y@c.m\xc3\xbcller.test", "@.xn--mller-kva.test 8"},
	      {"y@b.test", NULL},
	      {"alone", NULL},
	      {"", NULL},
	  };

	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++)
		check_line(domains[i].line, pattern_line_closest(list, sizeof(list),
						pattern_line_blank, "", domains[i].key));
	for (size_t i = 0; i < sizeof(senders) / sizeof(*senders); i++)
		check_line(senders[i].line, pattern_line_sender(list, sizeof(list),
						pattern_line_blank, senders[i].key));
	check_line(NULL, pattern_line_closest(NULL, 0, pattern_line_blank, "", "a.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_closest_line_is_found);
	return atf_no_error();
}
