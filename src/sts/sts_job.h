#ifndef STS_STS_JOB_H
#define STS_STS_JOB_H

/* The policy of one domain being found out. */

#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "sts/sts_cache.h"
#include "sts/sts_dns.h"
#include "sts/sts_https.h"
#include "sts/sts_recent.h"

#define STS_JOB_SECONDS 30 /* for all of it */

enum sts_job_step { STS_JOB_TEXT, STS_JOB_ADDRESSES, STS_JOB_FETCH, STS_JOB_DONE };

/* What all jobs share.  Zeroed to begin with, but for multi. */
struct sts_job_common {
	CURLM *multi;
	struct sts_recent recent;
	size_t kept; /* policies on the disk, about */
	size_t running;
};

struct sts_job {
	struct sts_job *next;
	enum sts_job_step step;
	char domain[STS_POLICY_NAME_MAX + 1];
	int is_refresh; /* fetch it even when it has not changed */
	int64_t begun;
	int64_t until;

	struct sts_dns dns;
	struct sts_https https;
	char id[STS_POLICY_ID_MAX + 1]; /* in the DNS */

	/* what has come of it, once the step is STS_JOB_DONE */
	int has_policy; /* in entry */
	struct sts_cache_entry entry;
	const char *result; /* of RFC 8460, why none could be fetched; or null */
	char why[STS_RECENT_WHY_MAX];
};

/* Begin one, or null when memory is short.  It may be done at once. */
struct sts_job *sts_job_begin(
    struct sts_job_common *common, const char *domain, int is_refresh);

/* Go on, as far as the DNS has answered, or the time is over. */
void sts_job_go_on(struct sts_job_common *common, struct sts_job *job);

/* Its transfer has ended. */
void sts_job_fetched(struct sts_job_common *common, struct sts_job *job, CURLcode code);

void sts_job_end(struct sts_job_common *common, struct sts_job *job);

#endif
