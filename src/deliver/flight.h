#ifndef DELIVER_FLIGHT_H
#define DELIVER_FLIGHT_H

/* The deposits under way, which share what costs most: their syncs, and being an owner.
 */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "deliver/deposit.h"
#include "deliver/mailbox_place.h"
#include "deliver/recorder.h"
#include "lib/syncer.h"

/* At a time, as far as descriptors allow: one for each, and one for each mailbox. */
#define FLIGHT_MAX SYNCER_MAX

struct flight {
	struct deposit *list[FLIGHT_MAX]; /* made when they are needed */
	size_t made;                      /* of these, */
	size_t most;                      /* and how many there may be */
	uint64_t clock;                   /* the last number of one */
	int client;                       /* -1: it is no socket */
	struct mailbox_place *places;
	struct recorder service;
	struct deposit
	    *asked; /* about which the service is asked; null: none, or a record */
	struct syncer syncer;
	int is_syncing;
	int64_t may_sync_at;
};

/* Of a struct in any state.  client is the connection of who orders the deposits. */
void flight_begin(struct flight *f, int client);

/*
 * Is the client a socket whose other end is gone?  Then nobody hears what becomes of the
 * deposits, and another may have been told to make them again: those of which no record
 * was asked for are not made.
 */
int flight_is_orphaned(const struct flight *f);

/*
 * Another deposit, zeroed but for memory that it keeps; null when there are enough.  What
 * is the caller's to set is to be set, before flight_deposit begins it, into the mailbox
 * at folder of that owner.
 */
struct deposit *flight_take(struct flight *f);
void flight_deposit(
    struct flight *f, struct deposit *p, const char *folder, uid_t uid, gid_t gid);

/* Do what can be done without waiting for more than files. */
void flight_turn(struct flight *f);

/* Take the step with all deposits that are due for it, as their owners: once for each. */
void flight_as_owners(struct flight *f, int (*is_due)(const struct deposit *),
    void (*step)(struct deposit *));

/* One that is over, or null.  It is to be given back. */
struct deposit *flight_over(struct flight *f);
void flight_give_back(struct flight *f, struct deposit *p);

#define FLIGHT_POLLED 2

/*
 * What poll(2) is to look for, FLIGHT_POLLED of them.  Returns the time of deadline_now
 * at which the next turn is due anyway; INT64_MAX when there is nothing to be done.
 */
int64_t flight_poll(const struct flight *f, struct pollfd *polled);

#endif
