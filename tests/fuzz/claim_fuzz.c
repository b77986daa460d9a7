/* Whatever stands around our name in an Authentication-Results field, the field claims
 * it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "origin/claim.h"

#define NAME "mx.example.test"

static void
take(struct claim *claim, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && !claim_take(claim, s[i]); i++)
		;
}

/* Inside a comment nothing of it ends that. */
static void
take_comment(struct claim *claim, const char *s, size_t len)
{
	size_t i;

	take(claim, "(", 1);
	for (i = 0; i < len; i++) {
		if (strchr("()\\", s[i]) != NULL)
			take(claim, "\\", 1);
		take(claim, s + i, 1);
	}
	take(claim, ")", 1);
}

static void
judge(const struct claim *claim)
{
	struct claim again = *claim;

	if (!claim_is_of(&again, NAME))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const ends[] = {";", " ", "\t1", "(", "/", "\r\n"};
	const char *s = (const char *)data;
	struct claim claim = {0}, bare = {0}, commented = {0};
	size_t i;

	take(&claim, s, len);
	if (claim.first_len > claim.len || claim.len > CLAIM_NAME_MAX + 1)
		abort();
	claim_is_of(&claim, NAME);
	take(&bare, NAME ";", sizeof NAME);
	judge(&bare);
	take_comment(&commented, s, len);
	take(&commented, NAME, sizeof NAME - 1);
	take_comment(&commented, s, len);
	judge(&commented);
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		memset(&claim, 0, sizeof claim);
		take(&claim, NAME, sizeof NAME - 1);
		take(&claim, ends[i], strlen(ends[i]));
		take(&claim, s, len);
		judge(&claim);
	}
	return 0;
}
