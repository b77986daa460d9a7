#include <string.h>

#include "lib/base64.h"
#include "lib/scram_keys.h"
#include "lib/text.h"

#define NAME "SCRAM-SHA-256$"
#define NAME_LEN (sizeof NAME - 1)
#define FIELD_MAX (SCRAM_SALT_MAX * 2) /* characters of base64 */

void
scram_keys_put(stralloc *sa, const struct scram *scram)
{
	char digits[DECIMAL_MAX];

	text_cat(sa, NAME, text_decimal(digits, scram->iterations), ":", (char *)NULL);
	base64_put(sa, (const char *)scram->salt, scram->salt_len);
	text_cat(sa, "$", (char *)NULL);
	base64_put(sa, (const char *)scram->stored, SCRAM_KEY);
	text_cat(sa, ":", (char *)NULL);
	base64_put(sa, (const char *)scram->server, SCRAM_KEY);
}

/*
 * Decode the base64 up to stop (or the end, when stop is 0) into out, which holds max
 * bytes.  Returns how many these are, or -1; *s moves past the stop.
 */
static ssize_t
take_bytes(unsigned char *out, size_t max, const char **s, const char *end, char stop)
{
	char decoded[BASE64_DECODED_MAX(FIELD_MAX)];
	const char *last = stop ? memchr(*s, stop, (size_t)(end - *s)) : end;
	ssize_t r;

	if (last == NULL || last - *s > FIELD_MAX)
		return -1;
	r = base64_decode(decoded, *s, (size_t)(last - *s));
	if (r <= 0 || (size_t)r > max)
		return -1;
	memcpy(out, decoded, (size_t)r);
	explicit_bzero(decoded, sizeof decoded);
	*s = last + (stop != 0);
	return r;
}

int
scram_keys_scan(struct scram *scram, const char *s, size_t len)
{
	const char *end = s + len, *colon;
	unsigned long long iterations;
	ssize_t r;

	if (len < NAME_LEN || memcmp(s, NAME, NAME_LEN) != 0)
		return 0;
	s += NAME_LEN;
	colon = memchr(s, ':', (size_t)(end - s));
	if (colon == NULL ||
	    !text_number(s, (size_t)(colon - s), SCRAM_ITERATIONS_MAX, &iterations) ||
	    iterations == 0)
		return 0;
	scram->iterations = iterations;
	s = colon + 1;
	r = take_bytes(scram->salt, SCRAM_SALT_MAX, &s, end, '$');
	if (r == -1)
		return 0;
	scram->salt_len = (size_t)r;
	return take_bytes(scram->stored, SCRAM_KEY, &s, end, ':') == SCRAM_KEY &&
	       take_bytes(scram->server, SCRAM_KEY, &s, end, '\0') == SCRAM_KEY;
}
