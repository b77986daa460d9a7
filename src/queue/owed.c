#include <string.h>

#include "lib/notify.h"
#include "lib/outcome.h"
#include "lib/utf8.h"
#include "queue/owed.h"

static int
wants(const struct file *f, size_t i, const char *what)
{
	return notify_wants(
	    envelope_recipient_parameter(&f->envelope, i, "NOTIFY"), what);
}

const char *
owed(const struct file *f, size_t i, int delays)
{
	const struct file_recipient *r = &f->recipients[i];
	const char *sender = f->envelope.sender;

	if (strcmp(sender, ENVELOPE_DOUBLE_BOUNCE) == 0)
		return NULL;
	if (r->state == 'D' && !delays)
		return wants(f, i, "FAILURE") ? "failed" : NULL;
	if (*sender == '\0')
		return NULL;
	if (r->state == 'Z' && delays && !r->warned)
		return wants(f, i, "DELAY") ? "delayed" : NULL;
	if (r->state == 'K' && !delays && r->success)
		return wants(f, i, "SUCCESS") ? outcome_success_word(r->success) : NULL;
	return NULL;
}

size_t
owed_next(const struct file *f, size_t i, int delays)
{
	while (i < f->envelope.count && owed(f, i, delays) == NULL)
		++i;
	return i;
}

int
owed_any(const struct file *f, int delays)
{
	return owed_next(f, 0, delays) < f->envelope.count;
}

int
owed_speaks_utf8(const struct envelope *e)
{
	return envelope_parameter(e, "SMTPUTF8") != NULL ||
	       !utf8_is_ascii(e->sender, strlen(e->sender));
}
