#ifndef ACCEPT_SLOTS_H
#define ACCEPT_SLOTS_H

/* The files of the queue's journal, and which of them is written to. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "queue/segment.h"

#define SLOTS_FOLDER "queue/journal"
#define SLOTS_PATH_MAX 64
#define SLOTS_MOST 100          /* their names have two digits */
#define SLOTS_BYTES_MIN 1572864 /* of control/journalbytes: three of the smallest */
#define SLOTS_BYTES_DEFAULT 268435456

enum slots_state {
	SLOT_NONE,    /* no file, or none that is of use */
	SLOT_MAKING,  /* a child makes it ready */
	SLOT_READY,   /* an empty segment */
	SLOT_CURRENT, /* the segment that is written to */
	SLOT_FULL     /* nothing more is written to it, until nobody needs it */
};

/* A file that holds a segment. */
struct slot {
	enum slots_state state;
	unsigned number;
	int fd;    /* -1: there is none */
	int spare; /* it is for what helps messages out of the journal, not for new ones
		    */
	int worn;  /* it is not used again but made anew, or, as a surplus, removed */
	struct segment segment;
	size_t live;     /* unsettled messages that stand in it */
	size_t prepared; /* prepared deliveries */
};

/* All of them. */
struct slots {
	struct slot list[SLOTS_MOST];
	unsigned count;              /* how many there may be */
	uint64_t size;               /* of each */
	struct slot *current;        /* or null */
	uint64_t end;                /* where its next batch goes, */
	uint64_t sequence;           /* and the number of that */
	uint64_t generation;         /* the highest so far */
	pid_t maker;                 /* the child that makes one ready, or 0 */
	struct slot *making, before; /* and what it was */
	int anew;                    /* it gets a new file */
	int64_t not_before;          /* milliseconds: no other child then */
	int in_trouble;              /* the last child has failed */
};

/* Nothing is there yet; all together are to have so many bytes. */
void slots_init(struct slots *s, uint64_t bytes);

/* Write the path of a slot's file. */
void slots_path(char path[SLOTS_PATH_MAX], unsigned number);

/*
 * Write a batch, whose records stand in batch behind SEGMENT_BATCH_HEAD bytes, and bring
 * it to the disk; in the last segment that there is it leaves room for another one of
 * reserve bytes, if not 0.  Returns 1, its place *at in s->current then; 0 when no
 * segment is ready for it; -1 with errno when writing has failed, after a warning: it may
 * be on the disk all the same.  A segment in which that happened is not written to again.
 */
int slots_append(struct slots *s, stralloc *batch, size_t reserve, uint64_t *at);

/* Is it time to make another segment ready, or is one needed? */
int slots_want(const struct slots *s, int needed, int64_t now);

/* Are there more than there should be, as after many starts? */
int slots_are_many(const struct slots *s);

/* Then the oldest goes, if nobody needs it. */
void slots_shrink(struct slots *s, int64_t now);

/*
 * Let a child do that; beyond their count, if surplus says so or none can be written to.
 * Returns 1; 0 when there is none to be made: all are full.
 */
int slots_provide(struct slots *s, int64_t now, int surplus);

/*
 * Is there room for a batch of len bytes with messages?  A quarter of the last segment is
 * for what helps those that stand in the journal out of it, and so is what was made
 * beyond their count for that.
 */
int slots_has_room(const struct slots *s, size_t len);

/* The child has ended with this status. */
void slots_made(struct slots *s, int status, int64_t now);

/* The full segment that is next to be used again, or null. */
struct slot *slots_oldest(struct slots *s);

/* Read len bytes at a place of a slot.  Returns 0, or -1 with errno. */
int slots_read(const struct slot *slot, char *buf, size_t len, uint64_t at);

#endif
