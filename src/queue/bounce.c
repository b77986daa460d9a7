#include "queue/bounce.h"

#include <string.h>

#include "lib/utf8.h"
#include "queue/queue_owed.h"

int
bounce_speaks_utf8(const struct envelope *e)
{
	return envelope_parameter(e, "SMTPUTF8") ||
	       !utf8_is_ascii(e->sender, strlen(e->sender));
}

size_t
bounce_next(const struct bounce *b, size_t i)
{
	return queue_owed_next(&b->file, i, b->delays);
}

const char *
bounce_action(const struct bounce *b, size_t i)
{
	return queue_owed(&b->file, i, b->delays);
}

int
bounce_has(const struct bounce *b, const char *action)
{
	for (size_t i = bounce_next(b, 0); i < b->file.envelope.count;
	     i = bounce_next(b, i + 1))
		if (strcmp(bounce_action(b, i), action) == 0)
			return 1;
	return 0;
}

int64_t
bounce_tried_until(const struct bounce *b)
{
	return b->file.first_try + b->lifetime;
}
