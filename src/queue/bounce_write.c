#include "queue/bounce_write.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/verdict.h"

#define WIDTH 75
#define ADDRESS_BYTES 900 /* so that a field with the longest address is a line */

static void
put_clean(stralloc *sa, const char *s, size_t len)
{
	size_t start = sa->len;

	text_catb(sa, s, len);
	for (; start < sa->len; ++start)
		if (sa->s[start] < ' ' || sa->s[start] > '~')
			sa->s[start] = '?';
}

/* The words of s, the first behind column bytes of its line. */
static void
put_words(stralloc *sa, const char *indent, size_t column, const char *s)
{
	size_t len, piece;
	int fresh = 1; /* nothing of s is on the line yet */

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		len = strcspn(s, " ");
		if (!fresh && column + 1 + len > WIDTH) {
			text_cat(sa, "\n", indent, (char *)0);
			column = strlen(indent);
			fresh = 1;
		}
		if (!fresh)
			text_catb(sa, " ", 1);
		piece = len < BOUNCE_LINE_MAX - 100 ? len : BOUNCE_LINE_MAX - 100;
		put_clean(sa, s, piece);
		column += piece + !fresh;
		fresh = 0;
		s += piece;
	}
	text_catb(sa, "\n", 1);
}

void
bounce_put_paragraph(stralloc *sa, const char *indent, const char *s)
{
	text_cat(sa, indent, (char *)0);
	put_words(sa, indent, strlen(indent), s);
}

void
bounce_put_field(stralloc *sa, const char *name, const char *value)
{
	text_cat(sa, name, ": ", (char *)0);
	put_words(sa, "    ", strlen(name) + 2, value);
}

static void
put_code(stralloc *sa, unsigned long code)
{
	static const char digits[] = "0123456789ABCDEF";
	int shift = code > 0xffff ? 20 : code > 0xff ? 12 : 4;

	text_cat(sa, "\\x{", (char *)0);
	for (; shift >= 0; shift -= 4)
		text_catb(sa, &digits[code >> shift & 15], 1);
	text_cat(sa, "}", (char *)0);
}

static int
is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '\\' && c != '+' && c != '=';
}

/* RFC 6533, 3: what is not plain ASCII as \x{...} */
static void
put_encoded(stralloc *sa, const char *s, size_t len, size_t max)
{
	size_t from = sa->len, taken;

	for (; len > 0 && sa->len - from < max; s += taken, len -= taken) {
		unsigned long code = utf8_first(s, len, &taken);

		if (is_plain(*s))
			text_catb(sa, s, 1);
		else
			put_code(sa, code);
	}
}

void
bounce_put_address_field(stralloc *sa, const char *name, const char *address)
{
	size_t len = strlen(address);

	if (!utf8_is_ascii(address, len) && utf8_is_sound(address, len)) {
		text_cat(sa, name, ": utf-8; ", (char *)0);
		put_encoded(sa, address, len, ADDRESS_BYTES);
	} else {
		text_cat(sa, name, ": rfc822; ", (char *)0);
		put_clean(sa, address, len < ADDRESS_BYTES ? len : ADDRESS_BYTES);
	}
	text_catb(sa, "\n", 1);
}

/* The first max bytes of the message.  Returns 0, or -1 with errno. */
static int
read_message(stralloc *sa, const struct queue_file *f, size_t max)
{
	size_t len = f->header.message < max ? f->header.message : max, got = 0;

	if (!stralloc_ready(sa, len + 1))
		die(DEFER, "out of memory");
	while (got < len) {
		ssize_t r = pread(f->fd, sa->s + got, len - got, QUEUE_HEADER_LEN + got);

		if (r == -1 && errno == EINTR)
			continue;
		if (r == 0)
			errno = EPROTO;
		if (r <= 0)
			return -1;
		got += r;
	}
	sa->len = len;
	return 0;
}

static int
has_eight(const stralloc *sa)
{
	for (size_t i = 0; i < sa->len; ++i)
		if (sa->s[i] & 0x80)
			return 1;
	return 0;
}

static int
fits_a_part(const stralloc *sa)
{
	size_t column = 0;

	for (size_t i = 0; i < sa->len; ++i) {
		column = sa->s[i] == '\n' ? 0 : column + 1;
		if (column > BOUNCE_LINE_MAX || sa->s[i] == '\0' || sa->s[i] == '\r')
			return 0;
	}
	return 1;
}

static size_t
header_length(const stralloc *sa)
{
	size_t i = 0;

	while (i < sa->len && sa->s[i] != '\n') {
		const char *end = memchr(sa->s + i, '\n', sa->len - i);

		i = end ? (size_t)(end + 1 - sa->s) : sa->len;
	}
	return i;
}

static void
put_header(stralloc *sa, const stralloc *message, size_t len)
{
	size_t column = 0;

	for (size_t i = 0; i < len; ++i) {
		char c = message->s[i];

		column = c == '\n' ? 0 : column + 1;
		if (column > BOUNCE_LINE_MAX)
			continue;
		if ((c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == 127)
			c = '?';
		text_catb(sa, &c, 1);
	}
	if (len > 0 && sa->s[sa->len - 1] != '\n')
		text_catb(sa, "\n", 1);
}

enum bounce_original
bounce_put_original(
    stralloc *sa, const struct queue_file *f, size_t max, int header_only, int *eight)
{
	stralloc message = {0};
	enum bounce_original kind = BOUNCE_HEADER;

	if (read_message(&message, f, max) == -1)
		return BOUNCE_ERROR;
	if (!header_only && f->header.message <= max && fits_a_part(&message)) {
		kind = BOUNCE_WHOLE;
		text_catb(sa, message.s, message.len);
		if (message.len > 0 && message.s[message.len - 1] != '\n')
			text_catb(sa, "\n", 1);
	} else {
		put_header(sa, &message, header_length(&message));
	}
	stralloc_free(&message);
	*eight = has_eight(sa);
	return kind;
}
