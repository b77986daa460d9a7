/* The pieces in which a message comes change no verdict, and all that are said are
 * reasoned. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dkim/verify.h"

static const char *const keys[] = {
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
    "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
    "Ip3G+2kryOTIKT+l/K4w3QIDAQAB"};

static void
judge(struct verify *verify, const char *s, size_t len, size_t step)
{
	char name[VERIFY_QUESTION_MAX];
	const char *key;
	size_t i, n;

	for (; len > 0; s += n, len -= n) {
		n = len < step ? len : step;
		verify_feed(verify, s, n);
	}
	verify_end(verify, 1);
	for (i = 0; i < verify->count; i++) {
		if (!verify_question(verify, i, name))
			continue;
		key =
		    keys[verify->results[i].signature.algorithm == SIGNATURE_RSA_SHA256];
		verify_answer(verify, i, key, strlen(key));
	}
	verify_conclude(verify);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct verify whole = {0}, pieces = {0};
	size_t i;

	judge(&whole, (const char *)data, len, len);
	judge(&pieces, (const char *)data, len, 7);
	if (whole.count != pieces.count || whole.count > VERIFY_SIGNATURES)
		abort();
	for (i = 0; i < whole.count; i++)
		if (whole.results[i].verdict != pieces.results[i].verdict ||
		    (whole.results[i].reason == NULL) !=
			(whole.results[i].verdict == VERIFY_PASS))
			abort();
	verify_free(&whole);
	verify_free(&pieces);
	return 0;
}
