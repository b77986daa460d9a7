#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "deliver/outcome.h"
#include "lib/text.h"

void
outcome_set(struct outcome *outcome, char letter, const char *status, ...)
{
	const char *s;
	va_list ap;

	outcome->letter = letter;
	outcome->status = status;
	outcome->text.len = 0;
	va_start(ap, status);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(&outcome->text, s, strlen(s));
	va_end(ap);
	text_terminate(&outcome->text);
}

/* RFC 3463: 4.3.1 mail system full, 4.3.0 any other trouble of the system */
static const char *
status_of(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG ? "4.3.1" : "4.3.0";
}

void
outcome_trouble(struct outcome *outcome, const char *verb_object)
{
	int error = errno;

	outcome_set(outcome, 'Z', status_of(error), "unable to ", verb_object, ": ",
	    strerror(error), (char *)NULL);
}
