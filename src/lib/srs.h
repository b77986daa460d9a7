#ifndef LIB_SRS_H
#define LIB_SRS_H

/* Senders rewritten so that their bounces come back through us: SRS, as libsrs2 and
 * postsrsd have it. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#define SRS_DAYS 21     /* for which an address that was made can be written to */
#define SRS_ALWAYS (-1) /* in place of the time: its age does not matter */

enum srs_result {
	SRS_NONE, /* it does not look like one */
	SRS_GOOD,
	SRS_FORGED, /* nobody has made it who knows a secret of ours */
	SRS_EXPIRED,
};

/* Does the local part of the address, a C string, look like one: SRS0= or SRS1=? */
int srs_is(const char *address);

/*
 * Append the address, a C string with a domain, rewritten into that domain at that time,
 * in seconds since 1970: SRS0, or SRS1 for one that another server has rewritten.
 * Returns 1; 0, sa unchanged, when it has no domain or would be too long.
 */
int srs_forward(stralloc *sa, const char *address, const char *domain, const char *secret,
    int64_t now);

/*
 * Append the address from which this one was made with one of the secrets, each ended by
 * \0, if it is good: for SRS1 the address at the server that has made it an SRS0.
 */
enum srs_result srs_reverse(
    stralloc *sa, const char *address, const stralloc *secrets, int64_t now);

#endif
