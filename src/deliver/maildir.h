#ifndef DELIVER_MAILDIR_H
#define DELIVER_MAILDIR_H

#include <sys/types.h>

#include <stralloc.h>

#include "deliver/room.h"
#include "lib/durable.h"
#include "lib/maildirsize.h"

/* One message on its way into one maildir. */
struct maildir_delivery {
	stralloc name;            /* of its file: maildir_name */
	stralloc head;            /* lines to stand before it */
	int fd;                   /* where it is read from: */
	off_t offset;             /* from here on, */
	off_t length;             /* so many bytes; -1: from where fd stands to its end */
	unsigned long long quota; /* of the maildir, in bytes; 0: none */
	unsigned long long coming; /* bytes on their way into it, which count for that */
	struct room *room;         /* of the maildir, or null: nobody has looked before */
	/* the whole file, head and message, when they are in memory; null: they are not
	 */
	const char *text;
	size_t text_len;
	unsigned long long octets; /* of it, as POP3 and IMAP count */
	int again;                 /* it may have been delivered, in another way too */
	/* the results */
	unsigned long long size; /* of the file */
	const char *failed;      /* what could not be done: "keep the message in" */
	/* between the steps */
	struct durable file;
	int named; /* it has its name in new, by us */
};

#define MAILDIR_DONE MAILDIRSIZE_FITS
#define MAILDIR_FULL MAILDIRSIZE_FULL   /* no room now */
#define MAILDIR_NEVER MAILDIRSIZE_NEVER /* larger than the quota */
#define MAILDIR_WRITTEN 4               /* the next step is due */
#define MAILDIR_FOUND 5                 /* it is there; maildir_sync is due */

/*
 * The steps of a delivery into maildir, a descriptor of its folder, which belongs to us.
 * All return -1 with errno, and failed set, when something went wrong, ENOENT when tmp or
 * new is missing.
 */

/*
 * Write the message to a file without a name, if it fits.  MAILDIR_WRITTEN,
 * MAILDIR_FOUND, MAILDIR_FULL or MAILDIR_NEVER.
 */
int maildir_write(int maildir, struct maildir_delivery *delivery);

/*
 * For a message that is in memory, the first half of that: MAILDIR_WRITTEN means that it
 * may be written, and name and size are those of the file.
 */
int maildir_admit(int maildir, struct maildir_delivery *delivery);

/*
 * Then: after MAILDIR_DONE it is in new (or was before) and on the disk, and noted in
 * maildirsize.
 */
int maildir_keep(int maildir, struct maildir_delivery *delivery);

/*
 * Or, where the syncs are the caller's, before and after: it is in new (or was before,
 * without named).  MAILDIR_DONE; whatever happens the file stays open, durable_abandon.
 * It is not noted in maildirsize.
 */
int maildir_publish(int maildir, struct maildir_delivery *delivery);

/* The second sync has failed: take it out of new again, as far as possible. */
void maildir_take_back(int maildir, const struct maildir_delivery *delivery);

/* Bring to the disk which names there are in the maildir.  Returns 0, or -1. */
int maildir_sync(int maildir, struct maildir_delivery *delivery);

/*
 * Set the name and the size to those of the file that maildir_write would write.  Returns
 * 0, or -1.
 */
int maildir_measure(struct maildir_delivery *delivery);

#endif
