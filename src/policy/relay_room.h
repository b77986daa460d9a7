#ifndef POLICY_RELAY_ROOM_H
#define POLICY_RELAY_ROOM_H

/* The question whether a message has room where it goes, asked when its size is known. */

#include <stddef.h>

#include <stralloc.h>

#include "policy/relay_mailbox.h"

#define RELAY_ROOM_ANY (-1ULL) /* for any message */

/* The recipients of a transaction; zeroed to begin with. */
struct relay_room {
	stralloc mailboxes; /* C strings */
	size_t count;       /* of them */
	unsigned elsewhere; /* recipients that are no mailboxes here */
	unsigned long long
	    sure; /* bytes for which all have room, as they have said; 0: unknown */
	/* while it asks */
	unsigned long long size;
	size_t at; /* in mailboxes: the one that is asked about */
	unsigned fit;
	stralloc refusal; /* the first; "" for none */
	int is_ours;      /* the client may relay */
};

/* Another transaction begins. */
void relay_room_clear(struct relay_room *room);

/* The address s[0..len) is a recipient, of a mailbox here that has room for size bytes.
 */
void relay_room_add(
    struct relay_room *room, const char *s, size_t len, unsigned long long size);

/* Another is no mailbox here. */
void relay_room_add_elsewhere(struct relay_room *room);

/* Begin to ask about size bytes; is_ours: a report of what has no room troubles nobody
 * else. */
void relay_room_ask(struct relay_room *room, unsigned long long size, int is_ours);

/*
 * Begin to ask about the next mailbox.  Returns 1, or 0 when there is none: the answer is
 * appended then.
 */
int relay_room_next(
    struct relay_room *room, struct relay_mailbox *question, stralloc *answer);

/* Take the answer of the mailbox, s[0..len). */
void relay_room_take(struct relay_room *room, const char *s, size_t len);

/* Free what it holds. */
void relay_room_free(struct relay_room *room);

#endif
