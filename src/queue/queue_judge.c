#include <string.h>

#include "lib/text.h"
#include "queue/queue_destination.h"

#define TROUBLES_MAX 3 /* in a row before a destination is down */
#define SAID " said: "

/* The server said nothing: no connection, no address. */
static int
is_unreachable(const char *status, const char *text)
{
	return (strcmp(status, "4.4.1") == 0 || strcmp(status, "4.4.3") == 0) &&
	       !strstr(text, SAID);
}

/*
 * The connection was lost, or the server has no time: RFC 5321, 3.8 (reply 421), RFC
 * 3463, 3.4 and 3.5 (mail system full, not accepting messages, congested).
 */
static int
is_trouble(const char *status, const char *text)
{
	static const char *const codes[] = {"4.4.2", "4.3.1", "4.3.2", "4.4.5"};
	const char *said = strstr(text, SAID);

	if (said && strncmp(said + strlen(SAID), "421", 3) == 0)
		return 1;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; ++i)
		if (strcmp(status, codes[i]) == 0)
			return 1;
	return 0;
}

void
queue_destination_judge(struct queue_job *job, int64_t interval, char letter,
    const char *status, const char *text)
{
	struct queue_destination *d = job->destination;

	if (d->channel == QUEUE_LOCAL || job->judgement == QUEUE_REACHED)
		return;
	if (letter == 'Z' && is_unreachable(status, text))
		job->judgement = QUEUE_UNREACHABLE;
	else if (letter == 'Z' && is_trouble(status, text))
		job->judgement = QUEUE_TROUBLED;
	else
		job->judgement = QUEUE_REACHED;
	if (job->judgement == QUEUE_REACHED)
		return;
	job->rest = interval;
	d->reason.len = 0;
	text_cat(&d->reason, text, (char *)0);
	text_terminate(&d->reason);
}

/*
 * One failure among many successes is a limit that we met, and tells to ask for less; all
 * of a cohort are a server that is not there.  Of trouble, one or two may be the
 * message's fault.
 */
void
queue_destination_conclude(const struct queue_job *job, int64_t now_ms, size_t most)
{
	struct queue_destination *d = job->destination;

	if (job->judgement == QUEUE_UNJUDGED)
		return;
	if (job->judgement == QUEUE_REACHED) {
		queue_window_succeed(&d->window, d->waiting, most);
		queue_destination_reached(d);
		return;
	}
	if (job->judgement == QUEUE_TROUBLED)
		++d->troubles;
	if (queue_window_fail(&d->window, d->running) &&
	    (job->judgement == QUEUE_UNREACHABLE || d->troubles >= TROUBLES_MAX))
		queue_destination_failed(d, now_ms, job->rest);
}
