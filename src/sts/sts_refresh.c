#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/deadline.h"
#include "sts/sts_log.h"
#include "sts/sts_refresh.h"

#define AT_ONCE 50 /* files that are looked at between two turns */
#define DAY 86400

/* Is it old, and used still? */
static int
is_due(const struct sts_cache_entry *entry)
{
	long long now = (long long)time(NULL), age = now - entry->policy.fetched;

	return (age >= DAY || age >= (long long)entry->policy.max_age / 2) &&
	       now < entry->used + STS_CACHE_UNUSED;
}

static void
begin(struct sts_refresh *refresh)
{
	refresh->next = deadline_now() + refresh->seconds * INT64_C(1000);
	refresh->dir = opendir(STS_POLICY_FOLDER);
	refresh->counted = 0;
	if (refresh->dir == NULL)
		sts_log_fault("unable to read", STS_POLICY_FOLDER);
}

static void
end(struct sts_refresh *refresh, struct sts_job_common *common)
{
	closedir(refresh->dir);
	refresh->dir = NULL;
	common->kept = refresh->counted;
}

const char *
sts_refresh_look(
    struct sts_refresh *refresh, struct sts_job_common *common, int64_t *until)
{
	static struct sts_cache_entry entry; /* large, and needed in here only */
	const struct dirent *file;

	if (refresh->dir == NULL && deadline_now() >= refresh->next)
		begin(refresh);
	for (int i = 0; refresh->dir != NULL && i < AT_ONCE; i++) {
		file = readdir(refresh->dir);
		if (file == NULL) {
			end(refresh, common);
		} else if (sts_policy_is_domain(file->d_name) &&
			   sts_cache_read(&entry, file->d_name)) {
			refresh->counted++;
			if (is_due(&entry))
				return file->d_name;
		}
	}
	*until = refresh->dir != NULL ? deadline_now() : refresh->next;
	return NULL;
}
