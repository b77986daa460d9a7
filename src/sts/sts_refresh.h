#ifndef STS_STS_REFRESH_H
#define STS_STS_REFRESH_H

/* Policies fetched anew before they end: RFC 8461, 10.2. */

#include <dirent.h>
#include <stdint.h>

#include "sts/sts_job.h"

#define STS_REFRESH_AT_ONCE                                                              \
	4 /* so many at a time, beside those that somebody waits for */

/* Zeroed to begin with. */
struct sts_refresh {
	unsigned seconds; /* between two looks at all that are kept */
	DIR *dir;         /* the look that is under way, or null */
	int64_t next;     /* deadline_now of the next one */
	size_t counted;
};

/*
 * Look at some of what is kept.  Returns the name of a domain whose policy is to be
 * fetched anew, in memory that the next call changes; or null, and *until is when to come
 * again.
 */
const char *sts_refresh_look(
    struct sts_refresh *refresh, struct sts_job_common *common, int64_t *until);

#endif
