#include <string.h>

#include "lib/gzip.h"
#include "lib/text.h"
#include "origin/report_part.h"
#include "origin/unpack.h"
#include "origin/xml_walk.h"

#define PARTS_MAX 16  /* of a message that are unpacked: each may be large */
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

/* Is it a report, and not a page of HTML for one? */
static int
is_report(const char *s, size_t len)
{
	struct xml_walk walk = {.s = s, .len = len};
	int r =
	    xml_walk_next(&walk) == XML_BEGIN && strcmp(walk.names[0], "feedback") == 0;

	stralloc_free(&walk.text);
	return r;
}

/* A message: the first part that is a report. */
static const char *
unpack_message(stralloc *xml, const char *s, size_t len)
{
	struct report_part part = {.s = s, .len = len};
	const char *wrong = "no report in it", *said;
	size_t begin = xml->len, n = 0;
	int is_known, is_found = 0;
	stralloc body = {0};

	while (!is_found && n < PARTS_MAX && report_part_next(&part, &body)) {
		said = unpack_plain(xml, body.s, body.len, &is_known);
		n += is_known;
		is_found = said == NULL && is_report(xml->s + begin, xml->len - begin);
		if (!is_found)
			xml->len = begin;
		if (said != NULL)
			wrong = said;
	}
	stralloc_free(&body);
	return is_found ? NULL : wrong;
}

const char *
unpack_xml(stralloc *xml, const char *s, size_t len)
{
	int is_known;
	const char *wrong = unpack_plain(xml, s, len, &is_known);

	return is_known ? wrong : unpack_message(xml, s, len);
}
