#include <stdarg.h>
#include <string.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/verdict.h"

void
text_catb(stralloc *sa, const char *s, size_t len)
{
	if (!stralloc_catb(sa, s, len))
		die(DEFER, "out of memory");
}

void
text_cat(stralloc *sa, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, sa);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(sa, s, strlen(s));
	va_end(ap);
}

void
text_cat_printable(stralloc *sa, const char *s, size_t len, size_t max)
{
	size_t i, start = sa->len;

	text_catb(sa, s, len < max ? len : max);
	for (i = start; i < sa->len; i++)
		if ((unsigned char)sa->s[i] < ' ' || sa->s[i] == 127)
			sa->s[i] = ' ';
}

void
text_terminate(stralloc *sa)
{
	text_catb(sa, "", 1);
	sa->len--;
}
