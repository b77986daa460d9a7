/* An envelope that is accepted says exactly what its bytes say: built anew it is the
 * same. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/envelope.h"

static void
build(stralloc *sa, const struct envelope *e)
{
	const struct envelope_recipient *recipient;
	size_t i, k;

	envelope_begin(sa, e->sender);
	for (i = 0; i < e->message_parameters; i++)
		envelope_put_parameter(sa, e->parameters[i].name, e->parameters[i].value);
	for (i = 0; i < e->count; i++) {
		recipient = &e->recipients[i];
		for (k = recipient->first; k < recipient->first + recipient->parameters;
		     k++)
			envelope_put_notice(
			    sa, e->parameters[k].name, e->parameters[k].value);
		envelope_put_recipient(sa, recipient->address);
	}
	envelope_end(sa);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct envelope e;
	static stralloc again;
	char *copy = malloc(len > 0 ? len : 1);

	memcpy(copy, data, len);
	if (envelope_parse(&e, copy, len) == ENVELOPE_OK) {
		build(&again, &e);
		if (again.len != len || memcmp(again.s, data, len) != 0)
			abort();
		envelope_parameter(&e, "id");
		envelope_recipient_parameter(&e, e.count - 1, "NOTIFY");
	}
	free(copy);
	return 0;
}
