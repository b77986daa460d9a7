#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/lower.h"
#include "lib/netstring.h"
#include "lib/sts_policy.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "way/sts_client.h"

/* A cache: what was found out for the attempt under way. */
static struct {
	char domain[MX_NAME_MAX + 1]; /* empty: nothing yet */
	int has_policy;               /* or -1, that could not be found out */
	struct sts_policy policy;
	char result[sizeof(((struct way_security *)NULL)->sts_result)];
} known;

/* Ask the service: its answer, without the netstring's rest.  Returns 0, or -1. */
static int
ask(const char *domain, stralloc *answer)
{
	stralloc request = {0};
	int fd, r;

	fd = unix_connect(STS_CLIENT_SOCKET, UNIX_CONNECT_SECONDS);
	if (fd == -1)
		return -1;
	netstring_put(&request, domain, strlen(domain));
	r = deadline_write_all(fd, request.s, request.len, UNIX_CONNECT_SECONDS);
	if (r == 0 && netstring_read(
			  fd, answer, STS_POLICY_FILE_MAX + 400, STS_CLIENT_SECONDS) != 1)
		r = -1;
	close(fd);
	stralloc_free(&request);
	return r;
}

/*
 * Without the service what it has kept is there still: 1; 0 when it has kept nothing that
 * counts; or -1: nobody knows.
 */
static int
read_kept(const char *domain, struct sts_policy *policy)
{
	char path[sizeof(STS_POLICY_FOLDER) + STS_POLICY_NAME_MAX];
	stralloc text = {0};
	ssize_t r;
	int fd;

	strcpy(stpcpy(path, STS_POLICY_FOLDER), domain);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	text_room(&text, STS_POLICY_FILE_MAX);
	r = read(fd, text.s, STS_POLICY_FILE_MAX);
	close(fd);
	if (r > 0 && (sts_policy_read(policy, text.s, (size_t)r) == -1 ||
			 sts_policy_end(policy) <= (long long)time(NULL)))
		r = 0;
	stralloc_free(&text);
	return r > 0 ? 1 : (int)r;
}

/* Take "policy RESULT TEXT\n" and the policy, or "none RESULT TEXT\n": 1, 0, or -1. */
static int
take_answer(const stralloc *answer)
{
	const char *lf = memchr(answer->s, '\n', answer->len), *word, *end;
	int has_policy = answer->len > 7 && memcmp(answer->s, "policy ", 7) == 0;

	if (lf == NULL || (!has_policy && memcmp(answer->s, "none ", 5) != 0))
		return -1;
	word = answer->s + (has_policy ? 7 : 5);
	end = memchr(word, ' ', (size_t)(lf - word));
	if (end != NULL && *word != '-')
		text_copy(known.result, sizeof(known.result), word, (size_t)(end - word));
	if (!has_policy)
		return 0;
	return sts_policy_read(
		   &known.policy, lf + 1, answer->len - (size_t)(lf + 1 - answer->s)) == 0
		   ? 1
		   : -1;
}

/* The policy of the domain, into known: 1; 0 when there is none; -1: nobody knows. */
static int
find_policy(const char *domain)
{
	stralloc answer = {0};
	int r = -1;

	if (strcmp(domain, known.domain) == 0)
		return known.has_policy;
	known.result[0] = '\0';
	if (ask(domain, &answer) == 0)
		r = take_answer(&answer);
	stralloc_free(&answer);
	if (r == -1)
		r = read_kept(domain, &known.policy);
	strcpy(known.domain, domain);
	known.has_policy = r;
	return r;
}

void
sts_client_forget(void)
{
	known.domain[0] = '\0';
}

static void
set_name(struct way_security *s, const char *host)
{
	s->names.len = 0;
	text_cat(&s->names, host, (char *)NULL);
	text_catb(&s->names, "", 1);
}

static int
enforce(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	text_set(&s->why, "the MTA-STS policy of ");
	text_cat(&s->why, s->domain, (char *)NULL);
	text_terminate(&s->why);
	s->level = WAY_SECURITY_VERIFY;
	if (s->sts_fits)
		return 1;
	text_set(&s->fault_result, "validation-failure");
	outcome_set(fault, 'Z', "4.7.5", q->host, " is not in the MTA-STS policy of ",
	    s->domain, (char *)NULL);
	return -1;
}

int
sts_client_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	const struct sts_policy *policy = &known.policy;
	char domain[MX_NAME_MAX + 1];
	int has_policy;

	s->sts_result[0] = '\0';
	if (!text_copy(domain, sizeof(domain), q->domain, strlen(q->domain)))
		return 0;
	lower_string(domain);
	if (!sts_policy_is_domain(domain))
		return 0;
	has_policy = find_policy(domain);
	strcpy(s->sts_result, known.result);
	if (has_policy == -1) {
		outcome_set(fault, 'Z', "4.3.0", "unable to read the MTA-STS policy of ",
		    domain, " that is kept", (char *)NULL);
		return -1;
	}
	if (!has_policy)
		return 0;
	strcpy(s->sts_id, policy->id);
	s->sts_fits = sts_policy_fits(policy, q->host);
	s->sts = policy->mode == STS_POLICY_ENFORCE   ? WAY_SECURITY_STS_ENFORCE
		 : policy->mode == STS_POLICY_TESTING ? WAY_SECURITY_STS_TESTING
						      : WAY_SECURITY_STS_NONE;
	if (policy->mode == STS_POLICY_NONE)
		return 1;
	if (policy->mode == STS_POLICY_ENFORCE || s->sts_fits)
		set_name(s, q->host);
	return policy->mode == STS_POLICY_ENFORCE ? enforce(s, q, fault) : 1;
}
