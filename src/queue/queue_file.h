#ifndef QUEUE_QUEUE_FILE_H
#define QUEUE_QUEUE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "queue/queue_age.h"
#include "queue/queue_header.h"

/* What the journal says of one recipient.  K, B and X are final. */
struct queue_recipient {
	char state;     /* 0 not tried yet, else K, Z, D, B or X as in the journal */
	char at_once;   /* the admin wants it to be tried now */
	char success;   /* of a K: notify_success, '\0' when it has been reported */
	char warned;    /* its delay has been reported */
	unsigned tries; /* how many attempts */
	char *changed;  /* the address that the admin gave it, or null */
	const char *original; /* what it had in the envelope then */
};

/* An open queue file: queue(5).  Begin with a zeroed one. */
struct queue_file {
	int fd; /* read-only */
	int locked;
	uint64_t size;
	struct queue_header header;
	stralloc bytes; /* of the envelope */
	struct envelope envelope;
	struct queue_recipient *recipients; /* envelope.count of them */
	int64_t born;                       /* seconds since 1970, as its ID says */
	int64_t first_try;                  /* the same, not before that; 0: none yet */
	struct queue_age age;               /* of the attempts */
	unsigned tries;                     /* of the recipient tried most often */
	int has_journal;
	int torn;     /* the journal's last line has no end */
	int released; /* by the admin's hand: no rule holds it */
};

#define QUEUE_FILE_AGAIN 1  /* deliveries may have been made that nobody recorded */
#define QUEUE_FILE_LOCK 2   /* it is going to be changed: queue_lock.h */
#define QUEUE_FILE_GLANCE 4 /* the message is not going to be read */

/*
 * Open and read the file path; flags are those above or 0.  With QUEUE_FILE_AGAIN, or
 * when it has a journal, the envelope gets the parameter again=1.  Addresses are those
 * that the journal gave to the recipients last.  Returns 1; 0 when the file is not a
 * message, with *why; -1 with errno, EWOULDBLOCK when somebody else has locked it.  Dies
 * with DEFER when memory is short.
 */
int queue_file_open(struct queue_file *f, const char *path, int flags, const char **why);

/* Close it, which ends the lock, and free all. */
void queue_file_close(struct queue_file *f);

/* About how many bytes it takes in memory. */
size_t queue_file_weight(const struct queue_file *f);

#endif
