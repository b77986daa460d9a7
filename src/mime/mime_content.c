#include <stddef.h>
#include <string.h>

#include "mime/mime_content.h"

void
mime_content_look(struct mime_content *c, const char *s, size_t len)
{
	size_t i, column = 0;

	memset(c, 0, sizeof(*c));
	c->octets = len;
	for (i = 0; i < len; i++) {
		if (s[i] == '\n') {
			column = 0;
			continue;
		}
		if (s[i] == '\r' && i + 1 < len && s[i + 1] == '\n')
			continue;
		if (++column > c->longest)
			c->longest = column;
		if (s[i] & 0x80)
			c->eight_bit++;
		else if (s[i] == '=' || s[i] == 127 || (s[i] < ' ' && s[i] != '\t'))
			c->escapes++;
		c->is_binary |= s[i] == '\0' || s[i] == '\r';
	}
}

const char *
mime_content_eol(const char *s, size_t len)
{
	const char *lf = memchr(s, '\n', len);

	return lf != NULL && lf > s && lf[-1] == '\r' ? "\r\n" : "\n";
}

int
mime_content_wants_base64(const struct mime_content *c)
{
	/* 2 more for each escape, and a soft break of 2 in 75; 4 for 3, and 1 in 76 */
	size_t quoted = c->octets + 2 * (c->eight_bit + c->escapes);
	size_t base64 = c->octets + c->octets / 3 + c->octets / 57;

	return (quoted + quoted / 38) / 3 > base64 / 2;
}

/* Is there nothing but blanks from s to the end of the line?  What follows it, or null.
 */
static const char *
after_blanks(const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s == end)
		return s;
	if (*s == '\r' && s + 1 < end)
		s++;
	return *s == '\n' ? s + 1 : NULL;
}

int
mime_content_delimiter(struct mime_content_delimiter *d, const char *s, size_t len,
    const char *boundary, size_t boundary_len)
{
	const char *end = s + len, *at = s, *rest;

	while ((at = memmem(at, (size_t)(end - at), boundary, boundary_len)) != NULL) {
		rest = at + boundary_len;
		d->line = at - s < 2 ? s : at - 2;
		at++;
		if (rest - d->line < (ptrdiff_t)boundary_len + 2 ||
		    memcmp(d->line, "--", 2) != 0 || (d->line > s && d->line[-1] != '\n'))
			continue;
		d->is_last = end - rest >= 2 && memcmp(rest, "--", 2) == 0;
		d->after = after_blanks(rest + (d->is_last ? 2 : 0), end);
		if (d->after == NULL)
			continue;
		d->before = d->line;
		if (d->before > s)
			d->before--;
		if (d->before > s && d->before < d->line && d->before[-1] == '\r')
			d->before--;
		return 1;
	}
	return 0;
}
