#include <string.h>

#include <atf-c.h>

#include "smtp/intruder.h"

static const struct {
	const char *line;
	const char *protocol;
} cases[] = {
    {"GET / HTTP/1.1\r", "HTTP"},
    {"get /", "HTTP"},
    {"POST", "HTTP"},
    {"PRI * HTTP/2.0\r", "HTTP"},
    {"MAIL /x HTTP/1.0", "HTTP"},
    {"ANY /x HTTP/1.0 \t\r", "HTTP"},
    {"Host: mx.x.test\r", "header"},
    {"X-Y:z", NULL},
    {"Content-Length: 5", "header"},
    {"MAIL FROM:<a@x.test>\r", NULL},
    {"MAIL FROM: <a@x.test>\r", NULL},
    {"EHLO GET\r", NULL},
    {"GETS /", NULL},
    {"NOOP HTTP/1.x", NULL},
    {"NOOP HTTP/11", NULL},
    {"NOOP XHTTP/1.1", NULL},
    {": x", NULL},
    {"", NULL},
    {"\r", NULL},
    {" HTTP/1.1", "HTTP"},
};

ATF_TC_WITHOUT_HEAD(lines_of_other_protocols_are_known);
ATF_TC_BODY(lines_of_other_protocols_are_known, tc)
{
	const char *found;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		found = intruder_protocol(cases[i].line, strlen(cases[i].line));
		ATF_CHECK_MSG(
		    (found == NULL) == (cases[i].protocol == NULL), "%s", cases[i].line);
		if (found != NULL && cases[i].protocol != NULL)
			ATF_CHECK_STREQ(cases[i].protocol, found);
	}
	ATF_CHECK(intruder_protocol("a\0 HTTP/1.1\0", 12) == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_of_other_protocols_are_known);
	return atf_no_error();
}
