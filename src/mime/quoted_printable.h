#ifndef MIME_QUOTED_PRINTABLE_H
#define MIME_QUOTED_PRINTABLE_H

/* Lines written in quoted-printable: RFC 2045, 6.7. */

#include <stddef.h>

/* What len bytes may become at most, soft line breaks included. */
#define QUOTED_PRINTABLE_ROOM(len) (4 * (len) + 16)

#define QUOTED_PRINTABLE_PIECE 16384 /* of a line, a good size for one */

/*
 * A line that is encoded in pieces of any size.  Zeroed at the beginning of each line,
 * but for eol.
 */
struct quoted_printable {
	const char *eol; /* how a soft line break ends: "\n" or "\r\n" */
	size_t column;
	int is_continued; /* a soft line break precedes */
};

/*
 * Encode the piece s[0..len) of a line, without its end, to out, which holds
 * QUOTED_PRINTABLE_ROOM(len) bytes; is_last says that the line ends behind it.  Returns
 * how many bytes were written.  No line that comes of it has more than 76 characters, is
 * a dot alone, begins with "From ", or looks like the delimiter of a multipart.
 */
size_t quoted_printable_encode(
    struct quoted_printable *q, char *out, const char *s, size_t len, int is_last);

/*
 * The same for the rest s[0..len) of a line that claims to be in quoted-printable,
 * without blanks at its end, which mean nothing there: what it decodes to stays, but what
 * must not stand in it is encoded, and lines that are too long are cut.  *taken is how
 * much of it has been done: at most QUOTED_PRINTABLE_PIECE bytes and two.
 */
size_t quoted_printable_mend(
    struct quoted_printable *q, char *out, const char *s, size_t len, size_t *taken);

#endif
