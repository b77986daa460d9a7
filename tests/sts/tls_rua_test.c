#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "sts/tls_rua.h"

ATF_TC_WITHOUT_HEAD(places_are_found);
ATF_TC_BODY(places_are_found, tc)
{
	static const struct {
		const char *record, *places;
		int found;
	} cases[] = {
	    {"v=TLSRPTv1; rua=mailto:tls@to.test", "mailto:tls@to.test|", 1},
	    {"v=TLSRPTv1;rua=mailto:a@b.test,https://b.test/x?y;",
		"mailto:a@b.test|https://b.test/x?y|", 1},
	    {"v=TLSRPTv1; rua=ftp://x, mailto:ab@c.test", "mailto:ab@c.test|", 1},
	    {"v=TLSRPTv1 ; new=x ; rua=MailTo:a%2Eb%40c.test?subject=x , HTTPS://b.test",
		"mailto:a.b@c.test|HTTPS://b.test|", 1},
	    {"v=TLSRPTv1; rua=http://x", "", -1},
	    {"v=TLSRPTv1; rua=mailto:a%0Ab@c.test", "", -1},
	    {"v=TLSRPTv1; rua=mailto:a%4", "", -1},
	    {"v=TLSRPTv1; rua=mailto:<a@b.test>", "", -1},
	    {"v=TLSRPTv1; rua=https://a b", "", -1},
	    {"v=TLSRPTv1; rua=", "", -1},
	    {"v=TLSRPTv1;", "", -1},
	    {"v=TLSRPTv1", "", -1},
	    {"v=TLSRPTv12; rua=mailto:a@b.test", "", 0},
	    {"v=STSv1; id=1", "", 0},
	    {"", "", 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		stralloc places = {0};
		int r = tls_rua_parse(&places, cases[i].record, strlen(cases[i].record));

		ATF_CHECK_EQ_MSG(cases[i].found, r, "%s", cases[i].record);
		for (size_t k = 0; k < places.len; k++)
			if (places.s[k] == '\0')
				places.s[k] = '|';
		text_terminate(&places);
		ATF_CHECK_STREQ_MSG(cases[i].places, places.s, "%s", cases[i].record);
		stralloc_free(&places);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, places_are_found);
	return atf_no_error();
}
