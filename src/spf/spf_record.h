#ifndef SPF_SPF_RECORD_H
#define SPF_SPF_RECORD_H

/* The terms of an SPF record: RFC 7208, 4.6.1, 5 and 6. */

#include <stddef.h>

enum spf_record_kind {
	SPF_RECORD_ALL,
	SPF_RECORD_INCLUDE,
	SPF_RECORD_A,
	SPF_RECORD_MX,
	SPF_RECORD_PTR,
	SPF_RECORD_IP4,
	SPF_RECORD_IP6,
	SPF_RECORD_EXISTS,
	/* modifiers */
	SPF_RECORD_REDIRECT,
	SPF_RECORD_EXP,
	SPF_RECORD_OTHER,
};

/* A term; points into the record. */
struct spf_record_term {
	enum spf_record_kind kind;
	char qualifier;   /* one of +-~? */
	const char *text; /* all of it */
	size_t text_len;
	const char *spec; /* the domain-spec, or what a modifier is set to */
	size_t spec_len;  /* 0: there is none */
	unsigned char ip[16];
	unsigned bits4, bits6; /* of a prefix: 0 to 32, 0 to 128 */
};

/* Is s[0..len) an SPF record: RFC 7208, 4.5? */
int spf_record_is(const char *s, size_t len);

/*
 * The term of the record s[0..len) behind s[*at], 0 to begin with.  Returns 1, 0 at the
 * end, -1 when it is malformed; its text is set then.
 */
int spf_record_next(const char *s, size_t len, size_t *at, struct spf_record_term *term);

#endif
