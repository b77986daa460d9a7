/* Words of a selector, a line each: taken or refused, and then told of any message. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/selector.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct selector s = {0};
	struct selector_message m = {"new", "", NULL, 5, 1000};
	struct selector_recipient r = {"", "waiting"};
	char *text = malloc(len + 1), *rest = text, *word;

	if (text == NULL)
		abort();
	memcpy(text, data, len);
	text[len] = '\0';
	/* the words are of any sender and recipient, too */
	while ((word = strsep(&rest, "\n")) != NULL) {
		selector_add(&s, word);
		m.sender = r.address = word;
	}
	if (s.count > SELECTOR_MAX)
		abort();
	selector_meets_message(&s, &m);
	selector_meets_recipient(&s, &m, &r);
	if (selector_fits_arrival(&s) && !selector_asks_recipients(&s) &&
	    selector_meets_recipient(&s, &m, &r) != selector_meets_message(&s, &m))
		abort();
	free(text);
	return 0;
}
