#ifndef DKIM_CANON_H
#define DKIM_CANON_H

/*
 * The canonical forms of header fields and bodies that signatures are made over: RFC
 * 6376, 3.4.  Line ends are LF or CRLF, in any mixture; the canonical form has CRLF.
 */

#include <stddef.h>

#include <stralloc.h>

#define CANON_BUFFER 8192

enum canon { CANON_SIMPLE, CANON_RELAXED };

/*
 * Append the canonical form of the field s[0..len), with or without the line end after
 * it, to out.  Dies with DEFER when memory is short.
 */
void canon_put_field(stralloc *out, enum canon how, const char *s, size_t len);

/* A body that comes piece by piece; begun by canon_body_begin. */
struct canon_body {
	enum canon how;
	void (*put)(void *to, const char *s, size_t len); /* takes the canonical form */
	void *to;
	unsigned long long lines; /* line ends that count only if something follows */
	int has_blanks;           /* the same for blanks; relaxed */
	int has_cr;               /* a CR, of which is not known what follows */
	int is_begun;             /* something else than line ends has come */
	size_t used;
	char buffer[CANON_BUFFER];
};

/* Its canonical form goes to put(to, ...), in pieces. */
void canon_body_begin(struct canon_body *body, enum canon how,
    void (*put)(void *to, const char *s, size_t len), void *to);

/* The next piece. */
void canon_body_feed(struct canon_body *body, const char *s, size_t len);

/* There is no more of it. */
void canon_body_end(struct canon_body *body);

#endif
