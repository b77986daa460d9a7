#ifndef ORIGIN_AUTHOR_H
#define ORIGIN_AUTHOR_H

/* The domains in the From field of a message: RFC 9989, 5.3.1. */

#include <stddef.h>

#include "dmarc/tree_walk.h"

#define AUTHOR_DOMAINS_MAX 4 /* that are judged: RFC 9989, 11.5, asks for a bound */

struct author {
	size_t n;
	char domains[AUTHOR_DOMAINS_MAX]
		    [TREE_DOMAIN_MAX + 1]; /* with A-labels, lower case */
	int is_malformed;
	int is_unreadable; /* who it is depends on the program that shows it */
	int has_more;      /* domains than there is room for */
};

/* The domains of s[0..len), all From fields with a NUL between; each once.  In a
 * malformed one everything behind an @ that may be a domain is one.  Dies with DEFER when
 * memory is short. */
void author_find(struct author *author, const char *s, size_t len);

/*
 * Set domain, which holds TREE_DOMAIN_MAX + 1 bytes, to s[0..len) with A-labels, in lower
 * case, without a last dot.  Returns 0, or -1 when it is no domain of the DNS.
 */
int author_domain(char *domain, const char *s, size_t len);

#endif
