#ifndef DKIM_SIGNING_QUESTION_H
#define DKIM_SIGNING_QUESTION_H

/* What the signing service is asked: dkim(5). */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#define SIGNING_QUESTION_MAX 1200000 /* bytes: the header is most of it */
#define SIGNING_ANSWER_MAX 65536

struct signing_question {
	const char *domain;
	size_t domain_len;
	const unsigned char *body_hash; /* SIGNATURE_HASH bytes */
	const char *names;              /* for h= */
	size_t names_len;
	const char *header; /* the fields that they are, in canonical form */
	size_t header_len;
};

/* Append it as a netstring.  Dies with DEFER when memory is short. */
void signing_question_put(stralloc *out, const struct signing_question *question);

/*
 * Take the content s[0..len) of the netstring apart, into which question will point.
 * Returns 0, or -1 when it makes no sense.
 */
int signing_question_take(struct signing_question *question, const char *s, size_t len);

#endif
