#ifndef DMARC_TREE_WALK_H
#define DMARC_TREE_WALK_H

/* The DNS tree walk of DMARC: RFC 9989, 4.10. */

#include <stddef.h>

#include "dmarc/dmarc_record.h"

#define TREE_NAMES_MAX 8 /* questions of a walk: RFC 9989, 4.10 */
#define TREE_DOMAIN_MAX 255

/* The names at which a walk that begins at a domain looks for records. */
struct tree_walk {
	char domain[TREE_DOMAIN_MAX + 1]; /* in lower case, without a last dot */
	size_t n;
	const char *names[TREE_NAMES_MAX]; /* ends of domain; the first is all of it */
};

enum tree_state {
	TREE_NOTHING, /* no record, or several */
	TREE_FOUND,
	TREE_UNKNOWN /* the DNS did not answer */
};

/* What stands at _dmarc.NAME. */
struct tree_found {
	enum tree_state state;
	const struct dmarc_record *record; /* of TREE_FOUND */
};

/* The names for s[0..len), a domain with A-labels.  Returns 0, or -1 when it is none. */
int tree_walk_plan(struct tree_walk *walk, const char *s, size_t len);

/*
 * The organizational domain of walk's domain, an end of it, given what was found at each
 * of its names; null when that is not known, because the DNS did not answer.
 */
const char *tree_walk_organisation(
    const struct tree_walk *walk, const struct tree_found *found);

/*
 * At which of the names the record stands that applies to walk's domain: TREE_FOUND with
 * its index in *index.
 */
enum tree_state tree_walk_policy(
    const struct tree_walk *walk, const struct tree_found *found, size_t *index);

/* Is name the domain top, or does it lie below it?  Both in lower case. */
int tree_walk_is_below(const char *name, const char *top);

#endif
