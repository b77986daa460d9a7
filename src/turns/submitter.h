#ifndef TURNS_SUBMITTER_H
#define TURNS_SUBMITTER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/envelope.h"
#include "turns/flow.h"

/* Who has submitted messages that are active, in one of the channels. */
struct submitter {
	struct table_entry entry;
	struct flow_party party;
	size_t messages; /* active ones */
};

/* All of them, by their keys.  Zeroed to begin with. */
struct submitter_table {
	struct table all;
};

/*
 * Who has submitted the message, for a channel: a number.  It is the user who
 * authenticated, else the sender (without the +extension of its name), else the client.
 */
uint64_t submitter_key(const struct envelope *e, int channel);

/* The user with the key, or null. */
struct submitter *submitter_find(const struct submitter_table *t, uint64_t key);

/* The same, made when there is none, with one message more.  Dies for lack of memory. */
struct submitter *submitter_enter(struct submitter_table *t, uint64_t key);

/* One message less. */
void submitter_leave(struct submitter_table *t, struct submitter *u);

#endif
