#include <string.h>

#include <atf-c.h>
#include <stralloc.h>

#include "lib/base64.h"
#include "lib/scram.h"

/* The example of RFC 7677, 3: user "user", password "pencil". */
#define SALT "W22ZaJ0SNY7soEsUEjb6gQ=="
#define MESSAGE                                                                          \
	"n=user,r=rOprNGfwEbeRWgbNEkqO,"                                                 \
	"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"                          \
	"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"                                             \
	"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define SIGNATURE "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static void
make_example(struct scram *scram, const char *password)
{
	char salt[32];

	memset(scram, 0, sizeof *scram);
	scram->iterations = 4096;
	scram->salt_len = (size_t)base64_decode(salt, SALT, strlen(SALT));
	memcpy(scram->salt, salt, scram->salt_len);
	scram_make(scram, password, strlen(password));
}

ATF_TC_WITHOUT_HEAD(the_example_of_rfc_7677_proves);
ATF_TC_BODY(the_example_of_rfc_7677_proves, tc)
{
	unsigned char signature[SCRAM_KEY];
	struct scram scram;
	stralloc sa = {0};
	char proof[48];

	make_example(&scram, "pencil");
	ATF_REQUIRE_EQ(SCRAM_KEY, base64_decode(proof, PROOF, strlen(PROOF)));
	ATF_CHECK(scram_proves(&scram, (unsigned char *)proof, MESSAGE, strlen(MESSAGE)));
	scram_sign(&scram, signature, MESSAGE, strlen(MESSAGE));
	base64_put(&sa, (char *)signature, sizeof signature);
	ATF_CHECK(sa.len == strlen(SIGNATURE) && memcmp(sa.s, SIGNATURE, sa.len) == 0);
}

ATF_TC_WITHOUT_HEAD(nothing_else_proves);
ATF_TC_BODY(nothing_else_proves, tc)
{
	struct scram scram;
	char proof[48];

	ATF_REQUIRE_EQ(SCRAM_KEY, base64_decode(proof, PROOF, strlen(PROOF)));
	make_example(&scram, "Pencil");
	ATF_CHECK(
	    !scram_proves(&scram, (unsigned char *)proof, MESSAGE, strlen(MESSAGE)));
	make_example(&scram, "pencil");
	ATF_CHECK(
	    !scram_proves(&scram, (unsigned char *)proof, MESSAGE, strlen(MESSAGE) - 1));
	proof[31] ^= 1;
	ATF_CHECK(
	    !scram_proves(&scram, (unsigned char *)proof, MESSAGE, strlen(MESSAGE)));
}

ATF_TC_WITHOUT_HEAD(who_does_not_exist_looks_the_same_each_time);
ATF_TC_BODY(who_does_not_exist_looks_the_same_each_time, tc)
{
	struct scram one, two, other;

	memset(&one, 0, sizeof one);
	memset(&two, 0, sizeof two);
	memset(&other, 0, sizeof other);
	scram_pretend(&one, "secret", 6, "joe@example.test", 16);
	scram_pretend(&two, "secret", 6, "joe@example.test", 16);
	scram_pretend(&other, "Secret", 6, "joe@example.test", 16);
	ATF_CHECK(memcmp(&one, &two, sizeof one) == 0);
	ATF_CHECK(memcmp(one.salt, other.salt, SCRAM_SALT) != 0);
	ATF_CHECK_EQ(SCRAM_ITERATIONS, one.iterations);
	ATF_CHECK_EQ(SCRAM_SALT, one.salt_len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_example_of_rfc_7677_proves);
	ATF_TP_ADD_TC(tp, nothing_else_proves);
	ATF_TP_ADD_TC(tp, who_does_not_exist_looks_the_same_each_time);
	return atf_no_error();
}
