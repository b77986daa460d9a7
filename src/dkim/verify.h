#ifndef DKIM_VERIFY_H
#define DKIM_VERIFY_H

/* The signatures of a message verified while it comes: RFC 6376, 6. */

#include <stddef.h>
#include <time.h>

#include <stralloc.h>

#include "dkim/body_hash.h"
#include "dkim/canon.h"
#include "dkim/fields.h"
#include "dkim/key_record.h"
#include "dkim/signature.h"

#define VERIFY_SIGNATURES 10 /* the first ones from the top; others are not looked at */
#define VERIFY_QUESTION_MAX (2 * SIGNATURE_DOMAIN_MAX + 16)

/* The words of RFC 8601, 2.7.1. */
enum verify_verdict {
	VERIFY_PASS,
	VERIFY_FAIL,      /* header or body are not what was signed, or it has expired */
	VERIFY_NEUTRAL,   /* the signature is malformed */
	VERIFY_TEMPERROR, /* the DNS gave no answer */
	VERIFY_PERMERROR  /* there is no such key, or none that counts */
};

/* Why there is no key. */
enum verify_lack {
	VERIFY_NO_RECORD, /* the DNS has none of that name */
	VERIFY_NO_ANSWER  /* for now */
};

struct verify_result {
	enum verify_verdict verdict;
	const char *reason;         /* a constant text; null for VERIFY_PASS */
	struct signature signature; /* domain and selector may be empty */
	unsigned bits;              /* of the key; 0 when it is not known */
	int is_testing;             /* says the key's record */
	/* Of verify_*.c only: */
	size_t at;              /* its field */
	struct body_hash *body; /* one of the hashes that its canonical form feeds */
	int is_decided, has_key;
	struct key_record key;
};

/* A body in one canonical form, and the hashes of it. */
struct verify_body {
	struct canon_body canon;
	size_t count;
	struct body_hash hashes[VERIFY_SIGNATURES];
};

/* A message; zeroed to begin with. */
struct verify {
	struct fields fields;                 /* its header */
	size_t count;                         /* of results */
	size_t beyond;                        /* signatures that were not looked at */
	struct verify_result *results;        /* from the top; when the header is over */
	struct verify_body *simple, *relaxed; /* null when nobody wants it */
};

/*
 * The next piece of the message: its header, the empty line, its body; with LF or CRLF.
 * Dies with DEFER when memory is short.  Memory is bounded, for what remembers the
 * header.
 */
void verify_feed(struct verify *verify, const char *s, size_t len);

/*
 * The message is over.  now is the time by which signatures expire.
 */
void verify_end(struct verify *verify, time_t now);

/*
 * Under which name does the DNS have the key of result i, as TXT?  Known as soon as the
 * header is over (verify->fields.ended).  Returns 1 and writes a C string to name, or 0
 * when no key is wanted.
 */
int verify_question(
    const struct verify *verify, size_t i, char name[VERIFY_QUESTION_MAX]);

/*
 * The DNS has this record there, whole: the first that is a key counts.  Any time after
 * verify_question.
 */
void verify_answer(struct verify *verify, size_t i, const char *s, size_t len);

/* It has none.  Unnecessary for VERIFY_NO_RECORD after records that are no keys. */
void verify_lacks(struct verify *verify, size_t i, enum verify_lack lack);

/* Decide, after verify_end and the answers: all results have their verdicts. */
void verify_conclude(struct verify *verify);

/* The word of RFC 8601 for it. */
const char *verify_word(enum verify_verdict verdict);

/*
 * Does the result vouch for less than all of the body: has its signature an l= that
 * leaves something over?  After verify_end.
 */
int verify_is_partial(const struct verify_result *result);

/* Free what it holds. */
void verify_free(struct verify *verify);

#endif
