#include "accept/judgement.h"
#include "lib/envelope.h"
#include "lib/text.h"

#define ANSWER_LONG_ADDRESS "Dan address is too long (#5.1.3)"
#define ANSWER_NOT_VISIBLE "Dan address holds what no text shows (#5.1.3)"
#define ANSWER_MALFORMED "Zthe envelope is malformed (#4.5.4)"

const char *
judgement_of_envelope(const stralloc *text)
{
	static struct envelope envelope; /* a cache */
	static stralloc bytes;           /* which the parser cuts */

	text_setb(&bytes, text->s, text->len);
	switch (envelope_parse(&envelope, bytes.s, bytes.len)) {
	case ENVELOPE_OK:
		return envelope_is_visible(&envelope) ? NULL : ANSWER_NOT_VISIBLE;
	case ENVELOPE_LONG:
		return ANSWER_LONG_ADDRESS;
	default:
		return ANSWER_MALFORMED;
	}
}
