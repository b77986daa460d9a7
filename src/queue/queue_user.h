#ifndef QUEUE_QUEUE_USER_H
#define QUEUE_QUEUE_USER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/envelope.h"
#include "queue/queue_line.h"

/* Who has submitted messages that are active, in one of the channels. */
struct queue_user {
	struct queue_party party;
	struct queue_user *chain; /* with the same hash */
	uint64_t key;
	size_t messages; /* active ones */
};

#define QUEUE_USER_SLOTS 1024

/* Zeroed to begin with. */
struct queue_users {
	struct queue_user *slots[QUEUE_USER_SLOTS];
};

/*
 * Who has submitted the message, for a channel: a number.  It is the user who
 * authenticated, else the sender (without the +extension of its name), else the client.
 */
uint64_t queue_user_key(const struct envelope *e, int channel);

/* The user with the key, or null. */
struct queue_user *queue_user_find(const struct queue_users *t, uint64_t key);

/* The same, made when there is none, with one message more.  Dies for lack of memory. */
struct queue_user *queue_user_enter(struct queue_users *t, uint64_t key);

/* One message less. */
void queue_user_leave(struct queue_users *t, struct queue_user *u);

#endif
