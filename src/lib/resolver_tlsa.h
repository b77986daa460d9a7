#ifndef LIB_RESOLVER_TLSA_H
#define LIB_RESOLVER_TLSA_H

/* The questions to the DNS that DANE has: RFC 7672. */

#include "lib/resolver.h"

#define RESOLVER_TLSA_MAX 32 /* records of a name that are looked at */

/* Where a host's name leads, RFC 7672, 2.2.2. */
struct resolver_tlsa_bases {
	enum resolver_lookup lookup;
	char names[2][MX_NAME_MAX + 1]; /* under which records may stand, best first */
	size_t n;                       /* 0: nothing that is signed says so */
};

/* Find the names under which TLSA records for a host may stand. */
void resolver_tlsa_bases(
    struct resolver *r, const char *host, struct resolver_tlsa_bases *bases);

/*
 * Append the signed TLSA records of name that can be used: lib/tlsa_record.  When there
 * are only others it is RESOLVER_FOUND as well.  Dies with DEFER when memory is short.
 */
enum resolver_lookup resolver_tlsa(
    struct resolver *r, const char *name, stralloc *records);

#endif
