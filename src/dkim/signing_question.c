#include <string.h>

#include "dkim/signature.h"
#include "dkim/signing_question.h"
#include "lib/netstring.h"

void
signing_question_put(stralloc *out, const struct signing_question *question)
{
	stralloc whole = {0};

	netstring_put(&whole, question->domain, question->domain_len);
	netstring_put(&whole, (const char *)question->body_hash, SIGNATURE_HASH);
	netstring_put(&whole, question->names, question->names_len);
	netstring_put(&whole, question->header, question->header_len);
	netstring_put(out, whole.s, whole.len);
	stralloc_free(&whole);
}

/* Is s[0..len) what stands in h=: names, and colons between them? */
static int
are_names(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || s[0] == ':' || s[len - 1] == ':')
		return 0;
	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~' || s[i] == ';')
			return 0;
	return 1;
}

int
signing_question_take(struct signing_question *question, const char *s, size_t len)
{
	const char *parts[4];
	size_t lens[4], start, i;
	ssize_t taken;

	for (i = 0; i < 4; i++) {
		taken = netstring_scan(s, len, SIGNING_QUESTION_MAX, &start, &lens[i]);
		if (taken <= 0)
			return -1;
		parts[i] = s + start;
		s += taken;
		len -= (size_t)taken;
	}
	if (len > 0 || lens[1] != SIGNATURE_HASH || !are_names(parts[2], lens[2]))
		return -1;
	question->domain = parts[0];
	question->domain_len = lens[0];
	question->body_hash = (const unsigned char *)parts[1];
	question->names = parts[2];
	question->names_len = lens[2];
	question->header = parts[3];
	question->header_len = lens[3];
	return 0;
}
