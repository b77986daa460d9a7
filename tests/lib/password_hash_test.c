#include <string.h>

#include <atf-c.h>

#include "lib/password_hash.h"

ATF_TC_WITHOUT_HEAD(kinds_are_told);
ATF_TC_BODY(kinds_are_told, tc)
{
	static const struct example {
		const char *s;
		enum password_hash_kind kind;
		size_t text;
	} examples[] = {
	    {"", PASSWORD_HASH_CLOSED, 0},
	    {"!", PASSWORD_HASH_CLOSED, 0},
	    {"*LK*", PASSWORD_HASH_CLOSED, 0},
	    {"!$6$salt$x", PASSWORD_HASH_CLOSED, 0},
	    {"$6$salt$x", PASSWORD_HASH_CRYPT, 0},
	    {"$y$j9T$salt$x", PASSWORD_HASH_CRYPT, 0},
	    {"$2y$05$x", PASSWORD_HASH_CRYPT, 0},
	    {"$md5,rounds=5$x$", PASSWORD_HASH_CRYPT, 0},
	    {"abJnggxhB/yWI", PASSWORD_HASH_CRYPT, 0},
	    {"$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$x", PASSWORD_HASH_UNUSABLE, 0},
	    {"$", PASSWORD_HASH_UNUSABLE, 0},
	    {"secret", PASSWORD_HASH_UNUSABLE, 0},
	    {"{CRYPT}$6$salt$x", PASSWORD_HASH_CRYPT, 7},
	    {"{crypt}$6$salt$x", PASSWORD_HASH_CRYPT, 7},
	    {"{SHA512-CRYPT}$6$salt$x", PASSWORD_HASH_CRYPT, 14},
	    {"{BLF-CRYPT}$2y$05$x", PASSWORD_HASH_CRYPT, 11},
	    {"{CRYPT}!", PASSWORD_HASH_CLOSED, 7},
	    {"{CRYPT}!$6$salt$x", PASSWORD_HASH_CLOSED, 7},
	    {"{CRYPT}", PASSWORD_HASH_CLOSED, 7},
	    {"{CRYPT}$argon2i$x", PASSWORD_HASH_UNUSABLE, 7},
	    {"{PLAIN}!x", PASSWORD_HASH_PLAIN, 7},
	    {"{PLAIN}", PASSWORD_HASH_CLOSED, 7},
	    {"!{PLAIN}x", PASSWORD_HASH_CLOSED, 0},
	    {"{SSHA}x", PASSWORD_HASH_SSHA, 6},
	    {"{SSHA512}x", PASSWORD_HASH_SSHA512, 9},
	    {"{ARGON2ID}$argon2id$x", PASSWORD_HASH_UNUSABLE, 0},
	    {"{SSHA", PASSWORD_HASH_UNUSABLE, 0},
	    {"{}x", PASSWORD_HASH_UNUSABLE, 0},
	};
	size_t i, text;

	for (i = 0; i < sizeof examples / sizeof *examples; i++) {
		ATF_CHECK_EQ_MSG(examples[i].kind,
		    password_hash_kind(examples[i].s, strlen(examples[i].s), &text), "%s",
		    examples[i].s);
		ATF_CHECK_EQ_MSG(examples[i].text, text, "%s", examples[i].s);
	}
}

ATF_TC_WITHOUT_HEAD(some_are_usable);
ATF_TC_BODY(some_are_usable, tc)
{
	ATF_CHECK(!password_hash_is_usable(PASSWORD_HASH_CLOSED));
	ATF_CHECK(!password_hash_is_usable(PASSWORD_HASH_UNUSABLE));
	ATF_CHECK(password_hash_is_usable(PASSWORD_HASH_CRYPT));
	ATF_CHECK(password_hash_is_usable(PASSWORD_HASH_SSHA512));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, kinds_are_told);
	ATF_TP_ADD_TC(tp, some_are_usable);
	return atf_no_error();
}
