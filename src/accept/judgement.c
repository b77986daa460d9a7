#include "accept/judgement.h"
#include "lib/envelope.h"
#include "lib/text.h"

#define ANSWER_LONG_ADDRESS "Dan address is too long (#5.1.3)"
#define ANSWER_NOT_VISIBLE "Dan address holds what no text shows (#5.1.3)"
#define ANSWER_MALFORMED "Zthe envelope is malformed (#4.5.4)"

/* The result points to the envelope that was parsed last. */
static int
parse(const struct envelope **e, const stralloc *text)
{
	static struct envelope envelope; /* a cache */
	static stralloc bytes;           /* which the parser cuts */

	text_setb(&bytes, text->s, text->len);
	*e = &envelope;
	return envelope_parse(&envelope, bytes.s, bytes.len);
}

const char *
judgement_of_envelope(const stralloc *text)
{
	const struct envelope *envelope;

	switch (parse(&envelope, text)) {
	case ENVELOPE_OK:
		return envelope_is_visible(envelope) ? NULL : ANSWER_NOT_VISIBLE;
	case ENVELOPE_LONG:
		return ANSWER_LONG_ADDRESS;
	default:
		return ANSWER_MALFORMED;
	}
}

int
judgement_is_inner(const stralloc *text)
{
	const struct envelope *envelope;

	return parse(&envelope, text) == ENVELOPE_OK &&
	       (*envelope->sender == '\0' ||
		   envelope_parameter(envelope, "origin") != NULL);
}
