#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/deadline.h"
#include "lib/text_decimal.h"
#include "sts/sts_job.h"
#include "sts/sts_log.h"

/* RFC 8461, 3.3 and 10.2: how soon it is asked again. */
#define SECONDS_AFTER_FAILURE 300
#define SECONDS_AFTER_NOTHING 60
#define SECONDS_AFTER_SILENCE 60 /* of the DNS: RFC 2308, 7 has five minutes at most */
#define SECONDS_AFTER_POLICY 60

static void
log_end(const struct sts_job *job, const char *event)
{
	const struct sts_policy *p = &job->entry.policy;
	int is_new = strcmp(event, "fetched") == 0;
	char ms[DECIMAL_MAX], age[DECIMAL_MAX];

	sts_log(event, "domain", job->domain, "id", is_new ? p->id : NULL, "mode",
	    is_new ? sts_policy_word(p->mode) : NULL, "max-age",
	    is_new ? text_decimal(age, p->max_age) : NULL, "result",
	    is_new ? NULL : job->result, "reason", is_new ? NULL : job->why, "kept",
	    !is_new && job->has_policy ? "1" : NULL, "ms",
	    text_decimal(ms, (unsigned long long)(deadline_now() - job->begun)),
	    (char *)NULL);
}

static void
conclude(struct sts_job_common *common, struct sts_job *job, unsigned seconds)
{
	job->step = STS_JOB_DONE;
	sts_dns_close(&job->dns);
	sts_https_end(&job->https, common->multi);
	if (job->has_policy && !job->is_refresh)
		sts_cache_use(&job->entry, job->domain);
	sts_recent_add(&common->recent, job->domain, seconds, job->result, job->why);
}

/* It can't be fetched: what is kept still counts. */
static void
fail(struct sts_job_common *common, struct sts_job *job, const char *result,
    const char *why)
{
	job->result = result;
	sts_recent_copy(job->why, why);
	log_end(job, "failed");
	conclude(common, job, SECONDS_AFTER_FAILURE);
}

struct sts_job *
sts_job_begin(struct sts_job_common *common, const char *domain, int is_refresh)
{
	const struct sts_recent_entry *recent = sts_recent_find(&common->recent, domain);
	char name[STS_POLICY_NAME_MAX + 20];
	struct sts_job *job = calloc(1, sizeof(*job));
	const char *why;

	if (job == NULL)
		return NULL;
	common->running++;
	strcpy(job->domain, domain);
	job->is_refresh = is_refresh;
	job->begun = deadline_now();
	job->until = job->begun + STS_JOB_SECONDS * INT64_C(1000);
	job->has_policy = sts_cache_read(&job->entry, domain);
	if (recent != NULL && !is_refresh) {
		job->result = recent->result;
		strcpy(job->why, recent->why);
		job->step = STS_JOB_DONE;
		return job;
	}
	if (sts_dns_open(&job->dns, &why) == -1) {
		sts_log("fault", "what", "unable to use the DNS resolvers", "reason", why,
		    (char *)NULL);
		conclude(common, job, 1);
		return job;
	}
	stpcpy(stpcpy(name, "_mta-sts."), domain);
	sts_dns_ask_text(&job->dns, name);
	sts_job_go_on(common, job);
	return job;
}

/*
 * The id in the DNS: 1; 0 when there is no policy, which is not more than one sound
 * record, RFC 8461, 3.1; -1 when the DNS does not say.
 */
static int
find_id(struct sts_job *job)
{
	const char *s = job->dns.text;
	int found = 0, r;

	if (job->dns.lookup == STS_DNS_FAILED)
		return -1;
	for (; job->dns.lookup == STS_DNS_FOUND && s < job->dns.text + job->dns.len;
	     s += strlen(s) + 1) {
		r = sts_policy_id(job->id, s, strlen(s));
		if (r == -1 || (r == 1 && found++))
			return 0;
	}
	return found;
}

static void
take_text(struct sts_job_common *common, struct sts_job *job)
{
	char name[STS_POLICY_NAME_MAX + 20];
	int r = find_id(job);

	if (r != 1) {
		/* what is kept counts until its end: RFC 8461, 5.1 */
		conclude(
		    common, job, r == 0 ? SECONDS_AFTER_NOTHING : SECONDS_AFTER_SILENCE);
		return;
	}
	if (job->has_policy && strcmp(job->id, job->entry.policy.id) == 0 &&
	    !job->is_refresh) {
		conclude(common, job, SECONDS_AFTER_POLICY);
		return;
	}
	job->step = STS_JOB_ADDRESSES;
	stpcpy(stpcpy(name, "mta-sts."), job->domain);
	sts_dns_ask_addresses(&job->dns, name);
}

static void
take_addresses(struct sts_job_common *common, struct sts_job *job)
{
	if (job->dns.lookup != STS_DNS_FOUND || job->dns.n == 0) {
		fail(common, job, "sts-policy-fetch-error",
		    job->dns.lookup == STS_DNS_FAILED
			? "no answer from the DNS about the policy's web server"
			: "the policy's web server has no address");
		return;
	}
	job->step = STS_JOB_FETCH;
	if (sts_https_begin(
		&job->https, common->multi, job->domain, job->dns.addresses, job) == -1)
		fail(common, job, NULL, job->https.why);
	sts_dns_close(&job->dns);
}

void
sts_job_go_on(struct sts_job_common *common, struct sts_job *job)
{
	if (job->step == STS_JOB_TEXT && job->dns.pending == 0)
		take_text(common, job);
	if (job->step == STS_JOB_ADDRESSES && job->dns.pending == 0)
		take_addresses(common, job);
	if (job->step == STS_JOB_DONE || deadline_now() < job->until)
		return;
	if (job->step == STS_JOB_TEXT)
		conclude(common, job, SECONDS_AFTER_SILENCE);
	else
		fail(common, job, "sts-policy-fetch-error",
		    "the policy could not be fetched in time");
}

void
sts_job_fetched(struct sts_job_common *common, struct sts_job *job, CURLcode code)
{
	const char *result = sts_https_result(&job->https, code), *wrong;
	static struct sts_policy policy; /* large, and needed in here only */
	int is_kept = 0;

	if (result != NULL) {
		fail(common, job, result[0] != '\0' ? result : NULL, job->https.why);
		return;
	}
	wrong = sts_policy_parse(&policy, job->https.body, job->https.len);
	if (wrong != NULL) {
		fail(common, job, "sts-policy-invalid", wrong);
		return;
	}
	strcpy(policy.id, job->id);
	policy.fetched = (long long)time(NULL);
	job->entry.policy = policy;
	if (common->kept < STS_CACHE_MOST || job->has_policy) {
		common->kept += !job->has_policy;
		is_kept = sts_cache_write(&job->entry, job->domain, job->https.body,
			      job->https.len) == 0;
	}
	job->has_policy = 1;
	log_end(job, "fetched");
	/* what could not be kept must not be taken for what is not there */
	conclude(common, job, is_kept ? SECONDS_AFTER_POLICY : 0);
}

void
sts_job_end(struct sts_job_common *common, struct sts_job *job)
{
	sts_dns_close(&job->dns);
	sts_https_end(&job->https, common->multi);
	common->running--;
	free(job);
}
