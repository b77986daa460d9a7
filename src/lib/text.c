#include <stdarg.h>
#include <string.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "lib/visible.h"

void
text_catb(stralloc *sa, const char *s, size_t len)
{
	if (!stralloc_catb(sa, s, len))
		heap_lacks();
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
text_setb(stralloc *sa, const char *s, size_t len)
{
	sa->len = 0;
	text_catb(sa, s, len);
	text_terminate(sa);
}

void
text_set(stralloc *sa, const char *s)
{
	text_setb(sa, s, strlen(s));
}

void
text_room(stralloc *sa, size_t len)
{
	if (!stralloc_ready(sa, len))
		heap_lacks();
}

void
text_cat_printable(stralloc *sa, const char *s, size_t len, size_t max)
{
	size_t i, n;
	int is_visible;

	if (len > max)
		len = max;
	for (i = 0; i < len; i += n) {
		n = visible_plain(s + i, len - i);
		if (n > 0) {
			text_catb(sa, s + i, n);
			continue;
		}
		n = visible_first(s + i, len - i, &is_visible);
		text_catb(sa, is_visible ? s + i : " ", is_visible ? n : 1);
	}
}

void
text_terminate(stralloc *sa)
{
	text_catb(sa, "", 1);
	sa->len--;
}

void
text_wipe(stralloc *sa)
{
	if (sa->s != NULL)
		explicit_bzero(sa->s, sa->a);
	sa->len = 0;
}

const char *
text_next(const char **at, const char *end)
{
	const char *s = *at, *nul = memchr(s, '\0', (size_t)(end - s));

	if (nul == NULL)
		return NULL;
	*at = nul + 1;
	return s;
}

int
text_copy(char *copy, size_t max, const char *s, size_t len)
{
	if (len >= max || memchr(s, '\0', len) != NULL)
		return 0;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return 1;
}
