#ifndef POLICY_RELAY_TRANSACTION_H
#define POLICY_RELAY_TRANSACTION_H

/* A client's transaction, and what is asked of mailboxes for it. */

#include <stddef.h>

#include <stralloc.h>

#include "policy/relay_mailbox.h"
#include "policy/relay_room.h"

#define RELAY_TRANSACTION_TROUBLE                                                        \
	"Z451 4.3.0 unable to look up the address, try again later"

/* Zeroed to begin with. */
struct relay_transaction {
	unsigned long long size;  /* of the message, 0: not told */
	unsigned long long asked; /* has the recipient room for so many bytes? */
	int heeds_room;           /* who asks knows the answer Kroom=BYTES */
	struct relay_room room;
	enum {
		RELAY_TRANSACTION_NOTHING,
		RELAY_TRANSACTION_RECIPIENT,
		RELAY_TRANSACTION_ROOM
	} asks;
	stralloc sender;    /* a C string */
	stralloc recipient; /* the one that is asked about */
	struct relay_mailbox mailbox;
};

/* It begins; MAIL has told of the sender s[0..len) and of size bytes, or 0. */
void relay_transaction_begin(
    struct relay_transaction *t, const char *s, size_t len, unsigned long long size);

/* Begin to ask whether the mailbox of a recipient, the address s[0..len), takes it. */
void relay_transaction_ask(struct relay_transaction *t, const char *s, size_t len);

/* A recipient is allowed that has no mailbox here: append the answer. */
void relay_transaction_add_elsewhere(struct relay_transaction *t, stralloc *out);

/*
 * Begin to ask whether there is room for size bytes, and append the answer when that is
 * known; is_ours as in relay_room_ask.
 */
void relay_transaction_ask_room(
    struct relay_transaction *t, unsigned long long size, int is_ours, stralloc *out);

/*
 * Go on with what is asked.  Returns 1 when it is answered, the answer being appended; 0
 * when it has to wait as t->mailbox.wait says.
 */
int relay_transaction_go_on(struct relay_transaction *t, stralloc *out);

/* Leave what is asked, and free what it holds. */
void relay_transaction_free(struct relay_transaction *t);

#endif
