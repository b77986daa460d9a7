#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/verdict.h"
#include "queue/queue_job.h"

struct queue_job *
queue_job_make(struct queue_message *message, struct queue_destination *destination,
    struct queue_user *user)
{
	struct queue_job *job = calloc(1, sizeof *job);

	if (!job)
		die(DEFER, "out of memory");
	job->message = message;
	job->destination = destination;
	job->user = user;
	return job;
}

void
queue_job_add(struct queue_job *job, size_t recipient)
{
	if (job->count == job->room) {
		size_t room = job->room ? 2 * job->room : 1;
		size_t *which = realloc(job->which, room * sizeof *which);

		if (!which)
			die(DEFER, "out of memory");
		job->which = which;
		job->room = room;
	}
	job->which[job->count++] = recipient;
}

void
queue_job_free(struct queue_job *job)
{
	free(job->which);
	free(job);
}
