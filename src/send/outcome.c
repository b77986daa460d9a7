#include <stdarg.h>
#include <string.h>

#include "lib/text.h"
#include "send/outcome.h"

void
outcome_set(struct outcome *o, char letter, const char *status, ...)
{
	const char *s;
	va_list ap;

	o->letter = letter;
	strncpy(o->status, status, STATUS_MAX - 1);
	o->status[STATUS_MAX - 1] = '\0';
	o->text.len = 0;
	va_start(ap, status);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(&o->text, s, strlen(s));
	va_end(ap);
	text_terminate(&o->text);
}

void
outcome_copy(struct outcome *o, const struct outcome *from)
{
	outcome_set(o, from->letter, from->status, from->text.s, (char *)NULL);
}

void
outcome_merge(struct outcome *o, const struct outcome *from)
{
	if (o->letter != 'Z' || from->letter == 'Z')
		outcome_copy(o, from);
}
