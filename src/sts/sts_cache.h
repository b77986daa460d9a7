#ifndef STS_STS_CACHE_H
#define STS_STS_CACHE_H

/* The policies that are kept, in state/sts. */

#include <stddef.h>

#include "lib/sts_policy.h"

#define STS_CACHE_MOST 100000    /* domains whose policies are kept */
#define STS_CACHE_UNUSED 2592000 /* seconds, after which a policy is not fetched anew */

/* A policy that was read, with its text as it is kept. */
struct sts_cache_entry {
	struct sts_policy policy;
	long long used; /* time(2), to a day */
	size_t len;
	char text[STS_POLICY_FILE_MAX];
};

/*
 * Read the domain's.  Returns 1; 0 when there is none that is sound and counts still (one
 * that does not is removed).
 */
int sts_cache_read(struct sts_cache_entry *entry, const char *domain);

/* Note that it is used. */
void sts_cache_use(const struct sts_cache_entry *entry, const char *domain);

/*
 * Keep the policy of the domain, whose text is s[0..len), in the entry and on the disk.
 * In a folder of another's nothing is written.  Returns 0; -1, which is logged, when
 * it could not be.
 */
int sts_cache_write(
    struct sts_cache_entry *entry, const char *domain, const char *s, size_t len);

#endif
