#ifndef DELIVER_DEPOSIT_H
#define DELIVER_DEPOSIT_H

/* A message on its way into one of our mailboxes. */

#include <stdint.h>

#include <stralloc.h>

#include "deliver/letter.h"
#include "deliver/mailbox_place.h"
#include "deliver/maildir.h"
#include "lib/job.h"

/* What is to be done next, by deliver/flight. */
enum deposit_stage {
	DEPOSIT_NONE,
	DEPOSIT_ASKING,     /* the service is to tell whether it was prepared before */
	DEPOSIT_PUT_OFF,    /* another delivery of the same message is to end first */
	DEPOSIT_FRESH,      /* the mailbox is to be opened */
	DEPOSIT_HOMELESS,   /* folders of the mailbox are to be made */
	DEPOSIT_OPENED,     /* the file is to be written */
	DEPOSIT_WRITTEN,    /* and brought to the disk */
	DEPOSIT_SYNCED,     /* a record of it is to be kept */
	DEPOSIT_CONFIRMING, /* unless there is one, of another process */
	DEPOSIT_TAKEN,      /* so it is: the file is to go */
	DEPOSIT_RECORDING,  /* that has been asked for */
	DEPOSIT_READY,      /* it is to be named in new */
	DEPOSIT_NAMED,      /* and that name brought to the disk */
	DEPOSIT_OVER        /* its result is known */
};

struct order;

struct deposit {
	/* the caller's to set, in a zeroed one */
	struct order *order; /* the caller's own */
	const struct job *job;
	struct letter_box *letters; /* among which its message is */
	size_t index;               /* of the recipient in the job */
	stralloc mailbox;           /* whose it is, C string */
	struct mailbox_place *place;
	int by_alias;                     /* the recipient is an alias that leads there */
	const char *host;                 /* our name */
	struct maildir_delivery delivery; /* quota is the caller's to set */
	/* the results */
	int result, error;
	/* between the steps */
	enum deposit_stage stage;
	uint64_t *clock;     /* of all */
	uint64_t number;     /* taken from it when the file is opened */
	int in_sync;         /* the sync under way is for it, too */
	int is_counted;      /* its bytes are among those that come to the place */
	int may_record;      /* there is a service: a record is going to be kept */
	uint64_t connection; /* to it, when this began */
	int is_prepared;     /* the file has its last name in tmp */
	char said;           /* by the service, if asked: 0, 1 or 2 */
	int is_confirmed;    /* it has been asked since the file has its name in tmp */
	int is_recorded;     /* perhaps: nothing may take the file away */
	int is_doubted;      /* the service was asked, and nobody knows more */
	int is_alone;        /* its syncs are its own */
	int is_found;        /* it was delivered before; what is open is the maildir */
	int is_made;         /* its folders were made for it: once */
	int64_t ask_until;   /* when waiting for the service ends */
	int64_t until;       /* and that for another delivery */
	int64_t retry_at;    /* of one that was put off */
};

/*
 * Was it, or another form of it, perhaps delivered before?  So it may be when it is
 * repeated, and when an alias has sent it on: the mailbox may be one of the first
 * message's own recipients, too.
 */
int deposit_may_be_there(const struct deposit *deposit);

/* The result and where it goes on from there: DEPOSIT_OVER. */
void deposit_end(struct deposit *deposit, int result);

/* It has failed, with errno, before it could be seen: another try finds what is known. */
void deposit_give_up(struct deposit *deposit);

/* It has to wait for another delivery of the same message. */
void deposit_put_off(struct deposit *deposit);

/*
 * It has failed, with errno.  Where something is missing of the mailbox that is made, and
 * the step done again, once.
 */
void deposit_fail(struct deposit *deposit);

/*
 * As the mailbox's owner: it is there, but perhaps not yet on the disk.  A file of ours
 * goes.
 */
void deposit_found(struct deposit *deposit);

/*
 * The step after deposit_write, as the mailbox's owner: name it in new.  Sets the stage
 * that follows.
 */
void deposit_publish(struct deposit *deposit);

/* In the place of a common sync, before deposit_publish or after it. */
void deposit_sync(struct deposit *deposit);

/* Let go what is open, and remove what nobody is to find. */
void deposit_clear(struct deposit *deposit);

#endif
