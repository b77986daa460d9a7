#ifndef ACCEPT_BATCH_H
#define ACCEPT_BATCH_H

/* The batch in the making: what is written to the journal next, with one sync. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "accept/guest.h"
#include "accept/lately.h"
#include "accept/prepared.h"
#include "accept/slots.h"
#include "accept/unsettled.h"
#include "queue/record.h"

#define BATCH_PATIENCE 200 /* milliseconds that what nobody waits for may wait */

struct batch_answer;

struct batch {
	struct slots slots;
	struct unsettled_list unsettled;
	struct prepared_list prepared;
	struct lately lately; /* what was settled, or became a file */
	stralloc bytes;       /* room for its head, then its records */
	struct batch_answer *answers;
	size_t count;     /* of answers */
	int64_t since;    /* milliseconds: when the first record came; 0: none has */
	int waits;        /* somebody waits for it */
	int tried;        /* it may be on the disk, though writing it has failed */
	stralloc written; /* the last one that was written, */
	struct slot *written_to; /* and where */
	uint64_t written_at;
};

/* What becomes of a batch. */
enum batch_fate {
	BATCH_WRITTEN, /* or it was empty */
	BATCH_FULL,    /* no segment is ready for it */
	BATCH_FAILED
};

void batch_init(struct batch *b, uint64_t bytes);

/* Is there room in it for a message or a request to prepare, as large as they may be? */
int batch_has_room(const struct batch *b);

/* Is there room for a message of so many bytes, in it and in the journal?  Where the
 * journal can't be written it may come in, to be told so. */
int batch_takes(const struct batch *b, size_t len);

/* Are there as many messages, or prepared deliveries, as the journal is good for? */
int batch_is_crowded(const struct batch *b);

/*
 * Forget the oldest deliveries that are prepared of messages that are neither in the
 * journal nor new files, when there is hardly room for others: a file that was deferred
 * knows by itself who has it, and most are gone, but whoever knew that was killed.
 */
void batch_shed(struct batch *b);

/*
 * A message that g is to be told of when it is on the disk; or, where it is in the
 * journal already, when that is.  Envelopes are what envelope_parse takes.
 */
void batch_message(struct batch *b, struct guest *g, const char *id,
    const stralloc *message, const stralloc *envelope);

/* The message is settled: it is taken off the list.  Is there anything to be settled? */
int batch_settle(struct batch *b, const char *id);

/*
 * Has the message been taken, and is not in the journal any more?  What is prepared of it
 * tells so, too, when it was done just before a crash.
 */
int batch_knows(const struct batch *b, const char *id);

/* What is in it is to be written at that time, in milliseconds, at the latest. */
void batch_hurry(struct batch *b, int64_t until);

/* Is it known that it is done? */
int batch_has_done(const struct batch *b, const char *id);

/*
 * The message is a file now, or has been one from its beginning: it is taken off the
 * list, but what is prepared of it stays prepared, for its deliveries may go on.
 */
void batch_filed(struct batch *b, const char *id);

/* Lines for the journal of a message that is not settled; without room in memory only. */
void batch_lines(struct batch *b, struct unsettled *u, const char *lines, size_t len);

/* A message is prepared for a mailbox. */
void batch_prepared(
    struct batch *b, const char *id, const char *mailbox, size_t len, uint64_t boot);

/*
 * What is prepared and has its record in this slot gets a new one, on the disk when this
 * returns, so that the slot can be used again.  Returns 1, or 0 when that could not be.
 */
int batch_carry(struct batch *b, const struct slot *slot);

/* g is to hear this answer, a C string, when all so far is on the disk; or "Z..." if it
 * can't be. */
void batch_promise(struct batch *b, struct guest *g, const char *answer);

/* Write it, tell those who wait, and begin the next one. */
enum batch_fate batch_write(struct batch *b, struct guest_list *gs);

/*
 * What came for it and can be given back is: those who wait are told why.  What else is
 * in it waits on.
 */
void batch_give_up(struct batch *b, struct guest_list *gs, const char *why);

/* The queue file of an unsettled message.  Returns null with errno; valid until the next
 * call. */
const char *batch_file(struct batch *b, const struct unsettled *u);

#endif
