/* sts-fetch: fetch and keep the MTA-STS policies of domains. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <curl/curl.h>

#include "lib/deadline.h"
#include "lib/home_path.h"
#include "lib/lower.h"
#include "lib/text_number.h"
#include "lib/verdict.h"
#include "sts/sts_door.h"
#include "sts/sts_job.h"
#include "sts/sts_log.h"
#include "sts/sts_refresh.h"

#define CLIENTS_MAX 10000
#define JOBS_MAX 512 /* domains at a time: the others wait */
#define REFRESH_SECONDS 600
#define TURN_MILLISECONDS 1000

static struct sts_job_common common;
static struct sts_refresh refresh = {.seconds = REFRESH_SECONDS};
static struct sts_door door = {.listening = -1};
static struct sts_job *jobs;
static struct curl_waitfd *fds;
static unsigned long long most;

static int
fail(const char *reason)
{
	sts_log("failed", "reason", reason, (char *)NULL);
	return DEFER;
}

/* The job of the domain, one that is under way or a new one; null when memory is short.
 */
static struct sts_job *
find_job(const char *domain, int is_refresh)
{
	struct sts_job *job;

	for (job = jobs; job != NULL; job = job->next)
		if (job->step != STS_JOB_DONE && strcmp(job->domain, domain) == 0)
			return job;
	job = sts_job_begin(&common, domain, is_refresh);
	if (job != NULL) {
		job->next = jobs;
		jobs = job;
	}
	return job;
}

/* The transfers that have ended. */
static void
take_transfers(void)
{
	CURLMsg *message;
	int left;
	char *job;

	curl_multi_perform(common.multi, &left);
	while ((message = curl_multi_info_read(common.multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job) ==
			CURLE_OK)
			sts_job_fetched(
			    &common, (struct sts_job *)(void *)job, message->data.result);
}

static void
end_jobs(void)
{
	struct sts_job **at = &jobs, *job;

	while ((job = *at) != NULL)
		if (job->step == STS_JOB_DONE) {
			sts_door_answer(&door, job);
			*at = job->next;
			sts_job_end(&common, job);
		} else {
			at = &job->next;
		}
}

/* Where fds begin that belong to jobs: those of the door are before. */
static size_t
fill_fds(int *milliseconds)
{
	struct sts_job *job;
	size_t n = 0, i;

	fds[n++] = (struct curl_waitfd){.fd = door.listening,
	    .events =
		(short)(door.n < door.most && door.listening != -1 ? CURL_WAIT_POLLIN
								   : 0)};
	/* one that is not to be heard now would be told of as soon as it has hung up */
	for (i = 0; i < door.n; i++)
		fds[n++] = (struct curl_waitfd){
		    .fd = door.clients[i].job == NULL && common.running < JOBS_MAX
			      ? door.clients[i].fd
			      : -1,
		    .events = CURL_WAIT_POLLIN};
	for (job = jobs; job != NULL; job = job->next)
		n += sts_dns_fds(&job->dns, fds + n, milliseconds);
	return n;
}

/* Each job's part of the fds is as long as it was when they were filled. */
static void
work_jobs(size_t n)
{
	struct sts_job *job;
	size_t at = 1 + door.n, len;
	int ignored = 0;

	for (job = jobs; job != NULL; job = job->next) {
		struct curl_waitfd now[STS_DNS_SOCKETS];

		len = sts_dns_fds(&job->dns, now, &ignored);
		if (at + len > n)
			len = n - at;
		sts_dns_work(&job->dns, fds + at, len);
		at += len;
		sts_job_go_on(&common, job);
	}
}

static void
hear_clients(size_t n)
{
	char domain[STS_POLICY_NAME_MAX + 1];
	int64_t now = deadline_now();
	size_t i;
	int r;

	for (i = n; i-- > 0;) {
		r = 0;
		if (fds[1 + i].revents != 0 && common.running < JOBS_MAX)
			r = sts_door_hear(&door, i, domain);
		else if (door.clients[i].job == NULL && now >= door.clients[i].until)
			r = -1;
		if (r == 1) {
			if (!sts_policy_is_domain(domain))
				r = -1;
			else
				door.clients[i].job = find_job(domain, 0);
		}
		if (r == -1)
			sts_door_leave(&door, i);
	}
}

static void
refresh_some(int *milliseconds)
{
	int64_t until = 0, wait;
	const char *domain;

	if (common.running >= STS_REFRESH_AT_ONCE)
		return;
	domain = sts_refresh_look(&refresh, &common, &until);
	if (domain != NULL)
		find_job(domain, 1);
	wait = domain != NULL ? 0 : until - deadline_now();
	if (wait < *milliseconds)
		*milliseconds = wait > 0 ? (int)wait : 0;
}

static void
turn(void)
{
	int milliseconds = TURN_MILLISECONDS;
	size_t n, clients;

	refresh_some(&milliseconds);
	end_jobs();
	n = fill_fds(&milliseconds);
	clients = door.n;
	if (curl_multi_poll(common.multi, fds, (unsigned)n, milliseconds, NULL) !=
	    CURLM_OK) {
		sts_log_fault("unable to wait", "for what comes");
		sleep(1);
		return;
	}
	work_jobs(n);
	take_transfers();
	hear_clients(clients);
	if (fds[0].revents != 0)
		sts_door_open(&door);
	end_jobs();
}

/* By hand: the answer as the service would give it. */
static int
show(const char *asked)
{
	static char answer[STS_DOOR_ANSWER_MAX];
	char domain[STS_POLICY_NAME_MAX + 1];
	struct sts_job *job;
	int milliseconds;
	size_t n;

	if (strlen(asked) > STS_POLICY_NAME_MAX)
		return fail("not a domain");
	strcpy(domain, asked);
	lower_string(domain);
	if (!sts_policy_is_domain(domain))
		return fail("not a domain");
	job = find_job(domain, 0);
	if (job == NULL)
		sts_log_lack();
	while (job->step != STS_JOB_DONE) {
		milliseconds = TURN_MILLISECONDS;
		n = fill_fds(&milliseconds);
		curl_multi_poll(
		    common.multi, fds + 1, (unsigned)n - 1, milliseconds, NULL);
		work_jobs(n);
		take_transfers();
	}
	n = sts_door_put(job, answer);
	if (write(1, answer, n) != (ssize_t)n)
		return fail("unable to write");
	return job->has_policy ? ACCEPT : job->result != NULL ? DEFER : REJECT;
}

/* Returns whether they make sense; *domain is null for the service. */
static int
take_arguments(int argc, char **argv, const char **domain)
{
	unsigned long long n;
	int c;

	while ((c = getopt(argc, argv, "+l:r:")) != -1) {
		if ((c != 'l' && c != 'r') ||
		    !text_number(optarg, strlen(optarg), CLIENTS_MAX, &n) || n == 0)
			return 0;
		if (c == 'l')
			most = n;
		else
			refresh.seconds = (unsigned)n;
	}
	*domain = argv[optind];
	return argc - optind == (most == 0);
}

int
main(int argc, char **argv)
{
	const char *domain;

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_DUMPABLE, 0);
	if (!take_arguments(argc, argv, &domain))
		return fail(
		    "usage: sts-fetch domain | sts-fetch -l clients [-r seconds]");
	if (chdir(home_path()) == -1)
		return fail("unable to enter the home");
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
	    curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (common.multi = curl_multi_init()) == NULL)
		return fail("unable to begin with libcurl");
	fds = calloc(1 + most + (JOBS_MAX + 1) * STS_DNS_SOCKETS, sizeof(*fds));
	if (fds == NULL)
		sts_log_lack();
	sts_recent_begin(&common.recent);
	if (domain != NULL)
		return show(domain);
	if (sts_door_begin(&door, 0, most) == -1)
		return fail("unable to use descriptor 0");
	/* the log of the service is on descriptor 2 */
	if (write(1, "\n", 1) == -1)
		return fail("unable to tell that we are ready");
	sts_log("begun", "libcurl", curl_version(), (char *)NULL);
	for (;;)
		turn();
}
