#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "deliver/answer.h"
#include "lib/text.h"

void
answer_set(struct answer *answer, char letter, const char *status, ...)
{
	const char *s;
	va_list ap;

	answer->letter = letter;
	answer->status = status;
	answer->text.len = 0;
	va_start(ap, status);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(&answer->text, s, strlen(s));
	va_end(ap);
	text_terminate(&answer->text);
}

void
answer_lead(struct answer *answer, const char *words)
{
	stralloc text = {0};

	text_cat(&text, words, answer->text.s, (char *)NULL);
	text_terminate(&text);
	stralloc_free(&answer->text);
	answer->text = text;
}

/* RFC 3463: mailbox full, mail system full, any other trouble of the mail system */
static const char *
status_of(int error)
{
	if (error == EDQUOT)
		return "4.2.2";
	return error == ENOSPC || error == EFBIG ? "4.3.1" : "4.3.0";
}

void
answer_trouble(struct answer *answer, const char *verb_object)
{
	int error = errno;

	answer_set(answer, 'Z', status_of(error), "unable to ", verb_object, ": ",
	    strerror(error), (char *)NULL);
}
