#ifndef DKIM_SIGNING_H
#define DKIM_SIGNING_H

/*
 * A message that is to be signed, looked at while it comes.  What it becomes is asked of
 * the service that has the keys: dkim(5).
 */

#include <stddef.h>

#include <stralloc.h>

#include "dkim/body_hash.h"
#include "dkim/canon.h"
#include "dkim/fields.h"
#include "dkim/signature.h"

struct signing {
	struct fields fields;
	struct canon_body body;
	struct body_hash hash;
	int has_cr; /* of which is not known what follows it */
};

/* Begin. */
void signing_begin(struct signing *signing);

/*
 * The next piece, in the form in which it is stored.  What is looked at is what SMTP will
 * make of it: lib/dotstuff.  Dies with DEFER when memory is short.
 */
void signing_feed(struct signing *signing, const char *s, size_t len);

/* There is no more of it. */
void signing_end(struct signing *signing);

/*
 * The domain of the first address in From, in the form that the DNS has.  Returns 1, or 0
 * when there is none, or not one From field, or the header is too large to be signed.
 */
int signing_domain(const struct signing *signing, char domain[SIGNATURE_DOMAIN_MAX + 1]);

/* Append what the service is asked, after signing_end. */
void signing_put_question(
    const struct signing *signing, const char *domain, stralloc *out);

/* Free what it holds. */
void signing_free(struct signing *signing);

#endif
