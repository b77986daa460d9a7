#include <atf-c.h>

#include "lib/siphash.h"

/* Those of the paper (Aumasson and Bernstein, 2012) and of its reference program. */
ATF_TC_WITHOUT_HEAD(known_hashes);
ATF_TC_BODY(known_hashes, tc)
{
	static const uint64_t key[2] = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
	char s[16];
	int i;

	for (i = 0; i < 16; i++)
		s[i] = (char)i;
	ATF_CHECK(siphash(key, s, 0) == 0x726fdb47dd0e0e31u);
	ATF_CHECK(siphash(key, s, 1) == 0x74f839c593dc67fdu);
	ATF_CHECK(siphash(key, s, 8) == 0x93f5f5799a932462u);
	ATF_CHECK(siphash(key, s, 15) == 0xa129ca6149be45e5u);
}

ATF_TC_WITHOUT_HEAD(the_key_changes_all);
ATF_TC_BODY(the_key_changes_all, tc)
{
	static const uint64_t a[2] = {1, 2}, b[2] = {1, 3};

	ATF_CHECK(siphash(a, "joe", 3) != siphash(b, "joe", 3));
	ATF_CHECK(siphash(a, "\x80", 1) != siphash(a, "\x81", 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, known_hashes);
	ATF_TP_ADD_TC(tp, the_key_changes_all);
	return atf_no_error();
}
