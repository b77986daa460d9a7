#ifndef QUEUE_QUEUE_ACTIVE_H
#define QUEUE_QUEUE_ACTIVE_H

#include <stddef.h>

#include "queue/queue_message.h"
#include "queue/queue_user.h"

#define QUEUE_ACTIVE_MAX 1000        /* messages at the same time */
#define QUEUE_ACTIVE_WEIGHT 33554432 /* bytes of envelopes, but one may be larger */
#define QUEUE_ACTIVE_SLOTS 2048

struct queue_active {
	struct queue_message *slots[QUEUE_ACTIVE_SLOTS];
	size_t count;
	size_t most; /* as many as we have descriptors for, at most QUEUE_ACTIVE_MAX */
	size_t weight;
	struct queue_users users; /* who submitted them */
};

struct queue_message *queue_active_find(struct queue_active *a, const char *id);
void queue_active_add(struct queue_active *a, struct queue_message *m);

/* Take m out, close and free it. */
void queue_active_remove(struct queue_active *a, struct queue_message *m);

#endif
