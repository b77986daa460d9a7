#include <string.h>

#include <atf-c.h>

#include "control/control_form.h"

typedef const char *check(const char *s, size_t len);

static const struct {
	check *check;
	const char *line;
	const char *wrong; /* a part of what is said; null: it is good */
} cases[] = {
    {control_form_hold, "sender=ann@example.test", NULL},
    {control_form_hold, "no-such=word", ""},
    {control_form_hold, "older=1h", ""},
    {control_form_limit, "user 100 500 20", NULL},
    {control_form_limit, "client 100 500 20", NULL},
    {control_form_limit, "192.0.2.0/24 1 2 3", NULL},
    {control_form_limit, "user 100 500", "WHO"},
    {control_form_limit, "user 100 500 many", "WHO"},
    {control_form_limit, "user 100 500 20 30", "WHO"},
    {control_form_dnsbl, "list.example.test", NULL},
    {control_form_dnsbl, "list.example.test:-5", NULL},
    {control_form_dnsbl, "key.list.example.test=list:5:127.0.0.2,127.0.0.4/30", NULL},
    {control_form_dnsbl, "list.example.test:", "ZONE"},
    {control_form_dnsbl, "list.example.test:much", "ZONE"},
    {control_form_dnsbl, "list.example.test:1:300.0.0.1", "ZONE"},
    {control_form_route, "example.test: mx.example.test:25", NULL},
    {control_form_route, "example.test", "DOMAIN:"},
    {control_form_sender_route, "@example.test: mx.example.test", NULL},
    {control_form_sender_route, "example.test: mx.example.test", "@DOMAIN:"},
    {control_form_helo, "mx.example.test", NULL},
    {control_form_helo, "192.0.2.1 mx.example.test", NULL},
    {control_form_helo, "192.0.2.1 -", "domain"},
    {control_form_bind, "* 192.0.2.1", NULL},
    {control_form_bind, "192.0.2.1", "PATTERN"},
    {control_form_rate, "example.test 10/60", NULL},
    {control_form_rate, "example.test", "RATE"},
    {control_form_password, "mx.example.test joe secret", NULL},
    {control_form_password, "mx.example.test", "HOST"},
    {control_form_tls_policy, "example.test verify", NULL},
    {control_form_tls_policy, "example.test perhaps", ""},
    {control_form_organisation, "Example <a@example.test>", NULL},
};

ATF_TC_WITHOUT_HEAD(a_reader_takes_what_is_good);
ATF_TC_BODY(a_reader_takes_what_is_good, tc)
{
	const char *wrong;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		wrong = cases[i].check(cases[i].line, strlen(cases[i].line));
		ATF_CHECK_MSG((wrong == NULL) == (cases[i].wrong == NULL), "%s: %s",
		    cases[i].line, wrong != NULL ? wrong : "accepted");
		if (wrong != NULL && cases[i].wrong != NULL)
			ATF_CHECK_MSG(strstr(wrong, cases[i].wrong) != NULL, "%s: %s",
			    cases[i].line, wrong);
	}
}

ATF_TC_WITHOUT_HEAD(overlong_lines_and_null_bytes_have_no_form);
ATF_TC_BODY(overlong_lines_and_null_bytes_have_no_form, tc)
{
	static check *const checks[] = {control_form_hold, control_form_limit,
	    control_form_dnsbl, control_form_bind, control_form_route};
	char line[5000];
	size_t i;

	memset(line, ' ', sizeof line);
	memcpy(line, "sender=ann@example.test", 23);
	for (i = 0; i < sizeof checks / sizeof *checks; i++) {
		ATF_CHECK(checks[i](line, sizeof line) != NULL);
		ATF_CHECK(checks[i]("list.test\0", 10) != NULL);
	}
	ATF_CHECK(control_form_hold(line, 1000) == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_reader_takes_what_is_good);
	ATF_TP_ADD_TC(tp, overlong_lines_and_null_bytes_have_no_form);
	return atf_no_error();
}
