#include <string.h>

#include <atf-c.h>

#include "control/control_line.h"

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
		wrong = control_line_resolver(cases[i].line, strlen(cases[i].line));
		ATF_CHECK_MSG((wrong == NULL) == cases[i].good, "%s", cases[i].line);
	}
}

typedef const char *check(const char *s, size_t len);

static const struct {
	check *check;
	const char *line;
	const char *wrong; /* a part of what is said; null: it is good */
} cases[] = {
    {control_line_sender, "ann@example.test: bob@example.test", NULL},
    {control_line_sender, "ann@example.test:bob@example.test", NULL},
    {control_line_sender, "ann@example.test:@example.test", NULL},
    {control_line_sender, "ann@example.test:*", NULL},
    {control_line_sender, "*:@example.test", NULL},
    {control_line_sender, "*: *", NULL},
    {control_line_sender, "ann@example.test", "USER:ADDRESS"},
    {control_line_sender, "ann:bob@example.test", "USER:ADDRESS"},
    {control_line_sender, ":bob@example.test", "USER:ADDRESS"},
    {control_line_sender, "**:bob@example.test", "USER:ADDRESS"},
    {control_line_sender, "*:", "USER:@DOMAIN"},
    {control_line_sender, "*:bob", "USER:@DOMAIN"},
    {control_line_sender, "*:@", "USER:@DOMAIN"},
    {control_line_sender, "*:@exa mple.test", "domain"},
    {control_line_sender, "*:**", "USER:@DOMAIN"},
    {control_line_paused, "local", NULL},
    {control_line_paused, "REMOTE", NULL},
    {control_line_paused, "example.test", NULL},
    {control_line_paused, "[192.0.2.1]", NULL},
    {control_line_paused, "", "domain"},
    {control_line_paused, "local remote", "domain"},
    {control_line_paused, "a@example.test", "domain"},
    {control_line_grey, "from ann@example.test", NULL},
    {control_line_grey, "to\tann@example.test", NULL},
    {control_line_grey, "name mx.example.test", NULL},
    {control_line_grey, "from", "form"},
    {control_line_grey, "fromann@example.test", "form"},
    {control_line_grey, "ann@example.test", "form"},
    {control_line_plugin, "[rcpt]", NULL},
    {control_line_plugin, "[auth]", NULL},
    {control_line_plugin, "/usr/bin/plugin", NULL},
    {control_line_plugin, ":echo A", NULL},
    {control_line_plugin, "[rcpt", "section"},
    {control_line_plugin, "[]", "section"},
    {control_line_plugin, "[RCPT]", "section"},
    {control_line_plugin, "[rcptx]", "section"},
    {control_line_plugin, ":", "command"},
};

ATF_TC_WITHOUT_HEAD(lines_with_a_form_are_held_to_it);
ATF_TC_BODY(lines_with_a_form_are_held_to_it, tc)
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

ATF_TC_WITHOUT_HEAD(null_bytes_have_no_form);
ATF_TC_BODY(null_bytes_have_no_form, tc)
{
	ATF_CHECK(control_line_plugin("plugin\0", 7) != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, resolvers_are_addresses_with_or_without_port);
	ATF_TP_ADD_TC(tp, lines_with_a_form_are_held_to_it);
	ATF_TP_ADD_TC(tp, null_bytes_have_no_form);
	return atf_no_error();
}
