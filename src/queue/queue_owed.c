#include "queue/queue_owed.h"

#include <string.h>

#include "lib/notify.h"

static int
wants(const struct queue_file *f, size_t i, const char *what)
{
	return notify_wants(
	    envelope_recipient_parameter(&f->envelope, i, "NOTIFY"), what);
}

const char *
queue_owed(const struct queue_file *f, size_t i, int delays)
{
	const struct queue_recipient *r = &f->recipients[i];
	const char *sender = f->envelope.sender;

	if (strcmp(sender, QUEUE_DOUBLE_BOUNCE) == 0)
		return NULL;
	if (r->state == 'D' && !delays)
		return wants(f, i, "FAILURE") ? "failed" : NULL;
	if (*sender == '\0')
		return NULL;
	if (r->state == 'Z' && delays && !r->warned)
		return wants(f, i, "DELAY") ? "delayed" : NULL;
	if (r->state == 'K' && !delays && r->success)
		return wants(f, i, "SUCCESS") ? notify_success_word(r->success) : NULL;
	return NULL;
}

size_t
queue_owed_next(const struct queue_file *f, size_t i, int delays)
{
	while (i < f->envelope.count && !queue_owed(f, i, delays))
		++i;
	return i;
}

int
queue_owed_any(const struct queue_file *f, int delays)
{
	return queue_owed_next(f, 0, delays) < f->envelope.count;
}
