#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/read_at.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "report/field.h"
#include "report/original.h"

#define FOLD_FROM (FIELD_LINE_MAX - 8) /* room for a character, and for a CR */

/* The first max bytes of the message.  Returns 0, or -1 with errno. */
static int
read_message(stralloc *sa, const struct file *f, size_t max)
{
	size_t len = f->header.message < max ? f->header.message : max;
	int r;

	text_room(sa, len + 1);
	r = read_at(f->fd, sa->s, len, HEADER_LEN);
	if (r == 0)
		errno = EPROTO;
	if (r != 1)
		return -1;
	sa->len = len;
	return 0;
}

/* Lines end with LF: a CRLF that came along counts as one. */
static void
drop_returns(stralloc *sa)
{
	size_t to = 0;

	for (size_t i = 0; i < sa->len; ++i)
		if (sa->s[i] != '\r' || i + 1 == sa->len || sa->s[i + 1] != '\n')
			sa->s[to++] = sa->s[i];
	sa->len = to;
}

static int
fits_a_part(const stralloc *sa)
{
	size_t column = 0;

	for (size_t i = 0; i < sa->len; ++i) {
		column = sa->s[i] == '\n' ? 0 : column + 1;
		if (column > FIELD_LINE_MAX || sa->s[i] == '\0' || sa->s[i] == '\r')
			return 0;
	}
	return 1;
}

/* The whole lines of the header; *cut when all has not been read that is its. */
static size_t
header_length(const stralloc *sa, int whole, int *cut)
{
	size_t i = 0;

	while (i < sa->len && sa->s[i] != '\n') {
		const char *end = memchr(sa->s + i, '\n', sa->len - i);

		if (end == NULL && !whole)
			break;
		i = end != NULL ? (size_t)(end + 1 - sa->s) : sa->len;
	}
	*cut = !whole && (i == sa->len || sa->s[i] != '\n');
	return i;
}

static void
put_header(stralloc *sa, const char *s, size_t len)
{
	size_t column = 0;

	for (size_t i = 0; i < len; ++i) {
		char c = s[i];

		if (column >= FOLD_FROM && c != '\n' &&
		    ((c & 0xc0) != 0x80 || column == FIELD_LINE_MAX)) {
			text_catb(sa, "\n ", 2);
			column = 1;
		}
		column = c == '\n' ? 0 : column + 1;
		if ((c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == 127)
			c = '?';
		text_catb(sa, &c, 1);
	}
}

/* From the field's value up to its end, where a line does not begin with a blank. */
static void
take_message_id(stralloc *id, const char *s, size_t len)
{
	const char *open = memchr(s, '<', len), *close;
	size_t n;

	close = open != NULL ? memchr(open, '>', s + len - open) : NULL;
	if (close == NULL)
		return;
	n = close + 1 - open;
	if (n > 900)
		return;
	for (size_t i = 0; i < n; ++i)
		if (open[i] <= ' ' || open[i] > '~')
			return;
	text_catb(id, open, n);
}

static void
find_message_id(stralloc *id, const char *s, size_t len)
{
	static const char name[] = "Message-ID:";
	const char *end = s + len;

	while (s < end) {
		const char *next = s;

		do {
			next = memchr(next, '\n', end - next);
			next = next != NULL ? next + 1 : end;
		} while (next < end && (*next == ' ' || *next == '\t'));
		if ((size_t)(next - s) > sizeof name &&
		    strncasecmp(s, name, sizeof name - 1) == 0) {
			take_message_id(
			    id, s + sizeof name - 1, next - s - (sizeof name - 1));
			break;
		}
		s = next;
	}
	text_terminate(id);
}

void
original_take(struct original *o, stralloc *message, int whole, int header_only)
{
	size_t header;

	drop_returns(message);
	header = header_length(message, whole, &o->cut);
	o->header_eight = !utf8_is_ascii(message->s, header);
	find_message_id(&o->message_id, message->s, header);
	o->unfit = whole && !fits_a_part(message);
	o->whole = whole && !header_only && !o->unfit;
	if (o->whole)
		text_catb(&o->bytes, message->s, message->len);
	else
		put_header(&o->bytes, message->s, header);
	if (o->bytes.len > 0 && o->bytes.s[o->bytes.len - 1] != '\n')
		text_catb(&o->bytes, "\n", 1);
}

int
original_read(struct original *o, const struct file *f, size_t max, int header_only)
{
	stralloc message = {0};

	if (read_message(&message, f, max) == -1)
		return -1;
	original_take(o, &message, f->header.message <= max, header_only);
	stralloc_free(&message);
	return 0;
}
