#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "control/control_value.h"

typedef const char *check(const char *s, size_t len);

static const struct {
	check *check;
	const char *line;
	const char *wrong; /* a part of what is said; null: it is good */
} cases[] = {
    {control_value_host, "mx.example.test", NULL},
    {control_value_host, "-", "domain"},
    {control_value_domain_below, ".example.test", NULL},
    {control_value_domain_below, ".", "domain"},
    {control_value_network, "192.0.2.0/24", NULL},
    {control_value_network, "2001:db8::1", NULL},
    {control_value_network, "192.0.2.1/24", "host bits"},
    {control_value_network, "0.0.0.0/0", "everybody"},
    {control_value_network, "0.0.0.0/0 anybody", NULL},
    {control_value_exempt, "example.test", NULL},
    {control_value_exempt, "192.0.2.0/24", NULL},
    {control_value_exempt, "a@example.test", "neither"},
    {control_value_local, "joe", NULL},
    {control_value_local, "joe@example.test", "before the @"},
    {control_value_address, "joe@example.test", NULL},
    {control_value_address, "joe@", "address"},
    {control_value_owner, "1000:1000", NULL},
    {control_value_owner, "0:0", "UID:GID"},
    {control_value_families, "ipv4", NULL},
    {control_value_families, "ipv5", "ipv4"},
    {control_value_tls_version, "1.2", NULL},
    {control_value_tls_version, "1.4", "1.3"},
    {control_value_tls_ciphers, "HIGH:!aNULL", NULL},
    {control_value_tls_ciphers, "HIGH !aNULL", "colons"},
    {control_value_authorities, "/", NULL},
    {control_value_authorities, "/none", "no such file"},
    {control_value_authorities, "none", "absolute"},
    {control_value_spf, "reject permerror", NULL},
    {control_value_spf, "rejects", "neither"},
    {control_value_dmarc, "mark", NULL},
    {control_value_dmarc, "reject permerror", "neither"},
    {control_value_srs, "0", NULL},
    {control_value_srs, "1", "no secret"},
    {control_value_secret, "12345678", NULL},
    {control_value_secret, "1234567", "8 characters"},
};

ATF_TC_WITHOUT_HEAD(values_are_what_they_must_be);
ATF_TC_BODY(values_are_what_they_must_be, tc)
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

static void
make(const char *name, const char *line)
{
	FILE *f = fopen(name, "w");

	ATF_REQUIRE(f != NULL && fputs(line, f) >= 0 && fclose(f) == 0);
}

ATF_TC_WITHOUT_HEAD(srs_wants_a_secret_and_a_domain_of_ours);
ATF_TC_BODY(srs_wants_a_secret_and_a_domain_of_ours, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("control", 0700));
	make("control/srssecrets", "12345678\n");
	make("control/domains", "Example.test\n");
	ATF_CHECK(control_value_srs("1", 1) == NULL);
	ATF_CHECK(control_value_srs("example.test", 12) == NULL);
	ATF_CHECK(control_value_srs("example.org", 11) != NULL);
	ATF_REQUIRE_EQ(0, chmod("control/srssecrets", 0644));
	ATF_CHECK(control_value_secret("12345678", 8) != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, values_are_what_they_must_be);
	ATF_TP_ADD_TC(tp, srs_wants_a_secret_and_a_domain_of_ours);
	return atf_no_error();
}
