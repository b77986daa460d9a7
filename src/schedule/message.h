#ifndef SCHEDULE_MESSAGE_H
#define SCHEDULE_MESSAGE_H

/* A message of which an attempt is under way, and what holds it in the queue. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "finding/supply.h"
#include "lib/queueid.h"
#include "queue/file.h"
#include "queue/foreign.h"
#include "queue/place.h"
#include "queue/route.h"
#include "turns/ring.h"
#include "turns/submitter.h"
#include "turns/table.h"

/* Where a message is in its life; how one state follows from another tells life.c. */
enum message_state {
	MESSAGE_OPENED,     /* read and locked, nobody else knows it yet */
	MESSAGE_OWING,      /* active: a report owed since an earlier attempt is made */
	MESSAGE_ROUTING,    /* its recipients are put into their lines */
	MESSAGE_ATTEMPTING, /* they are in line, or under way */
	MESSAGE_SETTLING,   /* the attempt is over: what follows from it is done */
	MESSAGE_FILING,     /* it becomes a file, before anything else is done */
	MESSAGE_REPORTING,  /* a report on it is made */
	MESSAGE_STUCK,      /* a step of settling failed: tried again after a pause */
	MESSAGE_GONE,       /* delivered, deferred or moved away: not ours any more */
	MESSAGE_STATES
};

/* How far one that the queue's service has in its journal has come to be a file. */
enum message_spill { MESSAGE_KEPT, MESSAGE_SPILLING, MESSAGE_SPILLED };

/* A message of which an attempt is under way, until it is gone or deferred. */
struct message {
	struct table_entry entry; /* of the active ones */
	enum message_state state;
	enum message_state then; /* what follows when it is a file, or no longer stuck */
	char id[QUEUEID_LEN + 1];
	int64_t bucket; /* where it stands: queue/place.h */
	struct file file;
	enum message_spill spill;
	struct {
		int fd;       /* the file that it is going to be, locked */
		size_t lines; /* bytes of them that are in there */
	} spilled;
	struct submitter *users[ROUTE_CHANNELS]; /* who submitted it, where it has jobs */
	int has_twin;   /* the service has made a file of it, which stands in queue/new */
	int again;      /* deliveries may have been made that nobody recorded */
	size_t jobs;    /* in line or under way */
	stralloc lines; /* of the journal, not written yet, or not in a file, */
	size_t said;    /* of which the queue's service knows so many bytes */
	int unsynced;   /* an outcome that must not be forgotten is not on the disk */
	size_t paused;  /* recipients passed over, for their destination is paused, */
	unsigned resumes;   /* since so many resumptions */
	int put_off;        /* somebody said Z, it is not only our own trouble */
	int64_t not_before; /* deadline_now(): its destination is down till then */
	int delays;         /* the report under way is of delays */
	int unreported;     /* it failed, later again */
	struct ring ring;   /* of those whose reports are still to be made */
	int64_t wake; /* deadline_now() at which a step is tried again, or made; 0 */
	size_t weight;
};

/*
 * Open, read and lock the message in the bucket.  again: deliveries may have been made
 * that nobody recorded.  Returns 1 with it in *opened; 0 when there is nothing to do (it
 * is gone, or was moved to queue/bad); MESSAGE_BUSY when somebody else has locked it; -1
 * with errno, after a warning, when we are in trouble ourselves.
 *
 * This and the next ones are all that knows where the bytes of a message, its envelope
 * and its journal come from and go to.
 */
#define MESSAGE_BUSY 2
int message_open(struct message **opened, struct foreign *foreign, int64_t bucket,
    const char *id, int again);

/* The same for one that is no file yet, but was handed over as fd, which is m's then. */
int message_take(struct message **opened, const char *id, int again, int fd);

/*
 * It was handed over once more: more bytes than the first time are lines of ours, of
 * which the queue's service knows.
 */
void message_compare(struct message *m, int fd);

/* Is it a file?  Else it stands in the journal of the queue's service. */
int message_is_file(const struct message *m);

/*
 * It has been spilled, and the service has settled it: it is a file now.  Returns 0; -1
 * after a warning.
 */
int message_become_file(struct message *m);

/*
 * Write m->lines to the journal of its file, durably if anything in them must not be
 * forgotten.  Returns 0; -1 after a warning.
 */
int message_write(struct message *m);

/*
 * The same while other jobs are still to come, so that we may be killed without repeating
 * a delivery: nothing is synced, and what fails is left to message_write.  Of one that is
 * no file the queue's service gets them.
 */
void message_save(struct message *m, struct supply *supply);

/* It may have been delivered now, though nobody has recorded it. */
void message_doubt(struct message *m);

/* Move it to another place.  Returns 0, or -1 with errno. */
int message_move(struct message *m, int64_t place);

/* Remove it from the queue.  Returns 0; -1 after a warning. */
int message_remove(struct message *m);

/* Move it to queue/bad, and log why.  Returns 0, or -1 with errno after telling of it. */
int message_condemn(struct message *m, struct foreign *foreign, const char *why);

/* The path of its file, for those to whom it is given as such. */
void message_path(const struct message *m, char path[PLACE_PATH_MAX]);

/* Close and free it, which ends the lock.  errno is left as it is. */
void message_close(struct message *m);

/* Has recipient i still to be tried? */
int message_is_open(const struct message *m, size_t i);

/* How many recipients are in one of these states; one not tried yet counts as Z. */
size_t message_count(const struct message *m, const char *states);

#endif
