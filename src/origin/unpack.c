#include <string.h>
#include <strings.h>

#include "lib/base64.h"
#include "lib/gzip.h"
#include "lib/text.h"
#include "origin/unpack.h"

#define ENCODING "content-transfer-encoding:"
#define ZIP_HEADER 30 /* bytes of a local file header: APPNOTE.TXT, 4.3.7 */

static unsigned
number16(const char *s)
{
	return (unsigned char)s[0] | (unsigned)(unsigned char)s[1] << 8;
}

static size_t
number32(const char *s)
{
	return number16(s) | (size_t)number16(s + 2) << 16;
}

/* The first file of a zip archive: deflated, or stored. */
static const char *
unpack_zip(stralloc *xml, const char *s, size_t len)
{
	unsigned method;
	size_t begin, size;

	if (len < ZIP_HEADER)
		return "a zip archive that is cut";
	method = number16(s + 8);
	size = number32(s + 18);
	begin = ZIP_HEADER + number16(s + 26) + number16(s + 28);
	if (begin > len)
		return "a zip archive that is cut";
	if (method == 8)
		return gzip_unpack(xml, s + begin, len - begin, 1, UNPACK_MAX) == -1
			   ? "a zip archive that is damaged or too large"
			   : NULL;
	if (method != 0 || size > len - begin)
		return "a zip archive of an unknown kind";
	text_catb(xml, s + begin, size);
	return NULL;
}

/* What is not in a message.  Returns null too when it is nothing that is known: then
 * *is_known is 0. */
static const char *
unpack_plain(stralloc *xml, const char *s, size_t len, int *is_known)
{
	*is_known = 1;
	if (len > 2 && memcmp(s, "\x1f\x8b", 2) == 0)
		return gzip_unpack(xml, s, len, 0, UNPACK_MAX) == -1
			   ? "a gzip file that is damaged or too large"
			   : NULL;
	if (len > 4 && memcmp(s, "PK\3\4", 4) == 0)
		return unpack_zip(xml, s, len);
	while (len > 0 && strchr(" \t\r\n\xef\xbb\xbf", *s) != NULL && *s) {
		s++;
		len--;
	}
	*is_known = len > 0 && *s == '<';
	if (*is_known)
		text_catb(xml, s, len);
	return NULL;
}

/* The length of the line at s, its end included. */
static size_t
line_size(const char *s, size_t len)
{
	const char *newline = memchr(s, '\n', len);

	return newline != NULL ? (size_t)(newline - s) + 1 : len;
}

/* Append the digits of base64 in the lines at s[0..len), up to one that has others.
 * Returns the bytes of these lines. */
static size_t
gather(stralloc *digits, const char *s, size_t len)
{
	size_t at = 0, size, i;

	for (; at < len; at += size) {
		size = line_size(s + at, len - at);
		for (i = 0; i < size; i++)
			if (!base64_is_digit(s[at + i]) &&
			    strchr("=\r\n", s[at + i]) == NULL)
				return at;
		for (i = 0; i < size; i++)
			if (s[at + i] != '\r' && s[at + i] != '\n')
				text_catb(digits, s + at + i, 1);
	}
	return at;
}

/* The part in base64 whose lines begin at s: unpack it.  Returns 1 when it is a report.
 */
static int
unpack_part(stralloc *xml, const char *s, size_t len, const char **wrong)
{
	stralloc digits = {0};
	ssize_t decoded = -1;
	int is_known = 0;

	gather(&digits, s, len);
	if (digits.len > 0)
		decoded = base64_decode(digits.s, digits.s, digits.len);
	if (decoded > 0)
		*wrong = unpack_plain(xml, digits.s, (size_t)decoded, &is_known);
	stralloc_free(&digits);
	return is_known;
}

static int
is_empty_line(const char *s, size_t size)
{
	return (size == 1 && *s == '\n') || (size == 2 && memcmp(s, "\r\n", 2) == 0);
}

/* Does the field s[0..size) say that the part is in base64? */
static int
says_base64(const char *s, size_t size)
{
	size_t at = sizeof ENCODING - 1;

	while (at < size && s[at] == ' ')
		at++;
	return size - at >= 6 && strncasecmp(s + at, "base64", 6) == 0;
}

/* A message: the first part in base64 that is a report. */
static const char *
unpack_message(stralloc *xml, const char *s, size_t len)
{
	const char *wrong = "no report in it";
	size_t at, size;
	int is_wanted = 0;

	for (at = 0; at < len; at += size) {
		size = line_size(s + at, len - at);
		if (size >= sizeof ENCODING &&
		    strncasecmp(s + at, ENCODING, sizeof ENCODING - 1) == 0) {
			is_wanted = says_base64(s + at, size);
		} else if (is_empty_line(s + at, size)) {
			if (is_wanted &&
			    unpack_part(xml, s + at + size, len - at - size, &wrong))
				return wrong;
			is_wanted = 0;
		}
	}
	return wrong;
}

const char *
unpack_xml(stralloc *xml, const char *s, size_t len)
{
	int is_known;
	const char *wrong = unpack_plain(xml, s, len, &is_known);

	return is_known ? wrong : unpack_message(xml, s, len);
}
