#ifndef STS_STS_RECENT_H
#define STS_STS_RECENT_H

/* What was found out lately, so that not every message asks anew. */

#include <stdint.h>

#include "lib/sts_policy.h"

#define STS_RECENT_PLACES 4096 /* a power of two */
#define STS_RECENT_WHY_MAX 200

/* About one domain. */
struct sts_recent_entry {
	char domain[STS_POLICY_NAME_MAX + 1];
	int64_t until; /* deadline_now; before that nobody is asked */
	const char
	    *result; /* why no policy could be fetched, RFC 8460, 4.3.2.2; or null */
	char why[STS_RECENT_WHY_MAX];
};

/* Domains that share a place take it from each other. */
struct sts_recent {
	uint64_t key[2];
	struct sts_recent_entry *places;
};

/* Begin, or end the program for lack of memory. */
void sts_recent_begin(struct sts_recent *recent);

/* What is known of the domain, or null. */
const struct sts_recent_entry *sts_recent_find(
    const struct sts_recent *recent, const char *domain);

/* Remember for so many seconds that there was that result, null for none, and why. */
void sts_recent_add(struct sts_recent *recent, const char *domain, unsigned seconds,
    const char *result, const char *why);

/* Copy a text for people, one line and cut where it is too long. */
void sts_recent_copy(char copy[STS_RECENT_WHY_MAX], const char *why);

#endif
