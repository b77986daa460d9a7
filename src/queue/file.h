#ifndef QUEUE_FILE_H
#define QUEUE_FILE_H

/* A queue file, opened and read with its envelope and journal. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "queue/age.h"
#include "queue/header.h"

/* What the journal says of one recipient.  K, B and X are final. */
struct file_recipient {
	char state;     /* 0 not tried yet, else K, Z, D, B or X as in the journal */
	char at_once;   /* the admin wants it to be tried now */
	char success;   /* of a K: outcome_parts, '\0' when it has been reported */
	char warned;    /* its delay has been reported */
	char apart;     /* a session ended at it: it is tried by itself from now on */
	unsigned tries; /* how many attempts */
	char *changed;  /* the address that the admin gave it, or null */
	const char *original; /* what it had in the envelope then */
};

/* An open queue file: queue(5).  Begin with a zeroed one. */
struct file {
	int fd; /* read-only */
	int locked;
	uint64_t size;
	struct header header;
	stralloc bytes; /* of the envelope */
	struct envelope envelope;
	struct file_recipient *recipients; /* envelope.count of them */
	int64_t born;                      /* seconds since 1970, as its ID says */
	int64_t first_try;                 /* the same, not before that; 0: none yet */
	struct age age;                    /* of the attempts */
	unsigned tries;                    /* of the recipient tried most often */
	size_t entries;                    /* of the journal, about recipients */
	int has_journal;
	int torn;     /* the journal's last line has no end */
	int released; /* by the admin's hand: no rule holds it */
};

#define FILE_AGAIN 1  /* deliveries may have been made that nobody recorded */
#define FILE_LOCK 2   /* it is going to be changed: lock.h */
#define FILE_GLANCE 4 /* the message is not going to be read */

/*
 * Open and read the file path; flags are those above or 0.  With FILE_AGAIN, or
 * when it has a journal, the envelope gets the parameter again=1.  Addresses are those
 * that the journal gave to the recipients last.  Returns 1; 0 when the file is not a
 * message, with *why; -1 with errno, EWOULDBLOCK when somebody else has locked it.  Dies
 * with DEFER when memory is short.
 */
int file_open(struct file *f, const char *path, int flags, const char **why);

/*
 * The same for what has no path: fd, which holds the message id, and is f's from now on,
 * whatever comes back; flags without FILE_LOCK.
 */
int file_take(struct file *f, int fd, const char *id, int flags, const char **why);

/*
 * What f was taken from has been written to a file, with so many bytes more of a journal:
 * fd, which is locked, is f's from now on.
 */
void file_replace(struct file *f, int fd, size_t more);

/* Something may have been delivered now that nobody recorded: as FILE_AGAIN. */
void file_set_again(struct file *f);

/* Close it, which ends the lock, and free all. */
void file_close(struct file *f);

/* Is there room in its journal for what can be left out: one more failure of many? */
int file_has_room(const struct file *f);

/* About how many bytes it takes in memory. */
size_t file_weight(const struct file *f);

#endif
