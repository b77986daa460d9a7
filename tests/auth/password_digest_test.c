#include <string.h>

#include <atf-c.h>

#include "auth/password_digest.h"

/* All of "secret" and the salt "salt". */
static const struct form {
	enum password_hash_kind kind;
	const char *text;
} forms[] = {
    {PASSWORD_HASH_SSHA, "gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0"},
    {PASSWORD_HASH_SSHA256, "+E+iFJ27Yu1ODPH1UNKUmzOmUT06dwfghQJRHHnMsO5zYWx0"},
    {PASSWORD_HASH_SSHA512, "E491yrR9AdCoE7rbOPYS3EZgSuZpVE65AD9xko08s6floNesY/"
			    "Zpe9zMVvLix4S2FiQSJ99RIkNvhHomNO9uL3NhbHQ="},
};

ATF_TC_WITHOUT_HEAD(the_password_matches_in_each_form);
ATF_TC_BODY(the_password_matches_in_each_form, tc)
{
	char text[256];
	size_t i;

	for (i = 0; i < sizeof forms / sizeof *forms; i++) {
		ATF_CHECK_EQ(
		    1, password_digest_matches(forms[i].kind, forms[i].text, "secret"));
		ATF_CHECK_EQ(
		    0, password_digest_matches(forms[i].kind, forms[i].text, "Secret"));
		ATF_CHECK_EQ(
		    0, password_digest_matches(forms[i].kind, forms[i].text, ""));
		strcpy(text, forms[i].text);
		text[0] = text[0] == 'A' ? 'B' : 'A';
		ATF_CHECK_EQ(0, password_digest_matches(forms[i].kind, text, "secret"));
	}
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_matches_nothing);
ATF_TC_BODY(what_is_malformed_matches_nothing, tc)
{
	static const char *const texts[] = {"", "=", "!", "c2VjcmV0", "secret",
	    "gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0====", "gVK8WC9YyFT1gMsQHTGCgT3sSv5*"};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		ATF_CHECK_EQ(
		    0, password_digest_matches(PASSWORD_HASH_SSHA, texts[i], "secret"));
	ATF_CHECK_EQ(
	    0, password_digest_matches(PASSWORD_HASH_CRYPT, forms[0].text, "secret"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_password_matches_in_each_form);
	ATF_TP_ADD_TC(tp, what_is_malformed_matches_nothing);
	return atf_no_error();
}
