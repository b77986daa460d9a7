#include <string.h>

#include "queue/owed.h"
#include "report/bounce.h"

size_t
bounce_next(const struct bounce *b, size_t i)
{
	return owed_next(&b->file, i, b->delays);
}

const char *
bounce_action(const struct bounce *b, size_t i)
{
	return owed(&b->file, i, b->delays);
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
