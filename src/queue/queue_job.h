#ifndef QUEUE_QUEUE_JOB_H
#define QUEUE_QUEUE_JOB_H

#include <stddef.h>
#include <stdint.h>

struct queue_destination;
struct queue_message;
struct queue_user;

/*
 * What the answers to a job say of its destination: nothing; it answered, whatever it
 * thinks of recipients; the connection was lost, or it has no time for anybody; it could
 * not be reached.
 */
enum queue_judgement { QUEUE_UNJUDGED, QUEUE_REACHED, QUEUE_TROUBLED, QUEUE_UNREACHABLE };

/* Some recipients of a message at one destination, delivered together. */
struct queue_job {
	struct queue_message *message;
	struct queue_destination *destination;
	struct queue_user *user;
	struct queue_job *next; /* in line */
	enum queue_judgement judgement;
	int64_t rest; /* seconds that the destination may be down for, when it is down */
	size_t count, room;
	size_t *which; /* indices of the recipients */
};

/* Make a job without recipients; add one; free it.  They die for lack of memory. */
struct queue_job *queue_job_make(struct queue_message *message,
    struct queue_destination *destination, struct queue_user *user);
void queue_job_add(struct queue_job *job, size_t recipient);
void queue_job_free(struct queue_job *job);

#endif
