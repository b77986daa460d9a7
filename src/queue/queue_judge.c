#include <string.h>

#include "queue/queue_destination.h"

#define LOSSES_MAX 3 /* connections lost in a row before a destination is down */

/* The server said nothing: no connection, no address. */
static int
is_unreachable(char letter, const char *status, const char *text)
{
	return letter == 'Z' &&
	       (strcmp(status, "4.4.1") == 0 || strcmp(status, "4.4.3") == 0) &&
	       !strstr(text, "said: ");
}

/* One connection lost may be the message's fault, several in a row are the server's. */
static int
is_lost(struct queue_job *job, char letter, const char *status)
{
	if (letter != 'Z' || strcmp(status, "4.4.2") != 0)
		return 0;
	job->destination->losses += !job->lost;
	job->lost = 1;
	return 1;
}

void
queue_destination_judge(struct queue_job *job, int64_t now, int64_t interval, char letter,
    const char *status, const char *text)
{
	struct queue_destination *d = job->destination;

	if (d->channel == QUEUE_LOCAL || job->reached)
		return;
	if (is_unreachable(letter, status, text)) {
		queue_destination_failed(d, now, interval, text);
	} else if (is_lost(job, letter, status)) {
		if (d->losses >= LOSSES_MAX)
			queue_destination_failed(d, now, interval, text);
	} else {
		job->reached = 1;
		queue_destination_reached(d);
	}
}
