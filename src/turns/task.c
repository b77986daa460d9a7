#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "turns/task.h"

struct task *
task_make(
    struct message *message, struct destination *destination, struct submitter *user)
{
	struct task *job = heap_make(1, sizeof *job);

	job->message = message;
	job->destination = destination;
	job->user = user;
	return job;
}

void
task_add(struct task *job, size_t recipient)
{
	job->which = heap_grow(job->which, job->count, sizeof *job->which);
	job->which[job->count++] = recipient;
}

void
task_free(struct task *job)
{
	free(job->which);
	free(job);
}

void
task_drop(struct task *job, size_t n)
{
	job->count -= n;
	memmove(job->which, job->which + n, job->count * sizeof *job->which);
}
