#include <string.h>

#include "auth/scram_message.h"
#include "lib/base64.h"

#define PROOF_LEN 44 /* characters of base64 */

/* The bytes of s[0..len) before the first comma, or all. */
static size_t
until_comma(const char *s, size_t len)
{
	const char *comma = memchr(s, ',', len);

	return comma != NULL ? (size_t)(comma - s) : len;
}

/* Does "x=" stand at s[at..len)? */
static int
has_attribute(const char *s, size_t at, size_t len, char name)
{
	return len - at >= 2 && s[at] == name && s[at + 1] == '=';
}

/* Decode the saslname s[0..len): "=2C" and "=3D" for comma and equals.  Returns 1 or 0.
 */
static int
take_name(char name[ADDRESS_MAX + 1], const char *s, size_t len)
{
	size_t at, put = 0;

	for (at = 0; at < len; at++) {
		if (put == ADDRESS_MAX || s[at] == '\0')
			return 0;
		if (s[at] != '=') {
			name[put++] = s[at];
			continue;
		}
		if (len - at < 3 ||
		    (memcmp(s + at, "=2C", 3) != 0 && memcmp(s + at, "=3D", 3) != 0))
			return 0;
		name[put++] = s[at + 1] == '2' ? ',' : '=';
		at += 2;
	}
	name[put] = '\0';
	return put > 0;
}

static int
is_nonce(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] < '!' || s[i] > '~' || s[i] == ',')
			return 0;
	return len > 0;
}

/* The gs2-header: "n," or "y," or "p=TYPE,", then perhaps "a=NAME", then ",". */
static size_t
take_header(struct scram_first *first, const char *s, size_t len)
{
	size_t at = 1, size;

	if (len < 3)
		return 0;
	first->binding = s[0];
	if (has_attribute(s, 0, len, 'p')) {
		first->binding_type = s + 2;
		first->binding_type_len = until_comma(s + 2, len - 2);
		at = 2 + first->binding_type_len;
	} else if (s[0] != 'n' && s[0] != 'y') {
		return 0;
	}
	if (at == len || s[at++] != ',')
		return 0;
	size = until_comma(s + at, len - at);
	if (at + size == len)
		return 0;
	if (size > 0 && (!has_attribute(s, at, at + size, 'a') ||
			    !take_name(first->authorised, s + at + 2, size - 2)))
		return 0;
	return at + size + 1;
}

int
scram_message_first_parse(struct scram_first *first, const char *s, size_t len)
{
	size_t at, size;

	memset(first, 0, sizeof *first);
	at = first->header_len = take_header(first, s, len);
	if (at == 0 || !has_attribute(s, at, len, 'n'))
		return 0;
	size = until_comma(s + at, len - at);
	if (!take_name(first->name, s + at + 2, size - 2))
		return 0;
	at += size;
	if (at == len || !has_attribute(s, ++at, len, 'r'))
		return 0;
	first->nonce = s + at + 2;
	first->nonce_len = until_comma(s + at, len - at) - 2;
	return first->nonce_len <= SCRAM_NONCE_MAX &&
	       is_nonce(first->nonce, first->nonce_len);
}

int
scram_message_final_parse(struct scram_final *final, const char *s, size_t len)
{
	char proof[BASE64_DECODED_MAX(PROOF_LEN)];
	size_t at = 0, last;

	memset(final, 0, sizeof *final);
	if (!has_attribute(s, at, len, 'c'))
		return 0;
	final->channel = s + 2;
	final->channel_len = until_comma(s + 2, len - 2);
	at = 2 + final->channel_len;
	if (at == len || !has_attribute(s, ++at, len, 'r'))
		return 0;
	final->nonce = s + at + 2;
	final->nonce_len = until_comma(final->nonce, len - at - 2);
	at += 2 + final->nonce_len;
	/* Extensions may stand between; the proof is last, and it holds no comma. */
	if (len - at < PROOF_LEN + 3)
		return 0;
	last = len - PROOF_LEN - 3;
	if (s[last] != ',' || !has_attribute(s, last + 1, len, 'p') ||
	    base64_decode(proof, s + last + 3, PROOF_LEN) != SCRAM_KEY)
		return 0;
	memcpy(final->proof, proof, SCRAM_KEY);
	final->unproved_len = last;
	return 1;
}
