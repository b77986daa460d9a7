#ifndef DELIVER_MAILDIR_H
#define DELIVER_MAILDIR_H

#include <sys/types.h>

#include <stralloc.h>

#include "lib/maildirsize.h"

/* One message on its way into one maildir. */
struct delivery {
	stralloc name;            /* of its file: maildir_name */
	stralloc head;            /* lines to stand before it */
	int fd;                   /* where it is read from: */
	off_t offset;             /* from here on, */
	off_t length;             /* so many bytes; -1: from where fd stands to its end */
	unsigned long long quota; /* of the maildir, in bytes; 0: none */
	int again;                /* it may have been delivered and moved to cur */
	/* the results */
	unsigned long long size; /* of the file */
	const char *failed;      /* what could not be done: "keep the message in" */
};

/*
 * Set name to the name of the file for message id: SECONDS.ID[rHASH].HOST, with a hash of
 * recipient unless that is null.  Nothing in it depends on the time or on
 * chance, so that a repeated delivery meets its own file.
 */
void maildir_name(
    stralloc *name, const char *id, const char *recipient, const char *host);

#define MAILDIR_DONE MAILDIRSIZE_FITS
#define MAILDIR_FULL MAILDIRSIZE_FULL   /* no room now */
#define MAILDIR_NEVER MAILDIRSIZE_NEVER /* larger than the quota */

/*
 * Write the message into maildir, a descriptor of its folder, which belongs to us.  After
 * MAILDIR_DONE it is in new (or was before) and on the disk.  Returns -1 with errno, and
 * failed set, when something went wrong, ENOENT when tmp or new is missing.
 */
int maildir_deliver(int maildir, struct delivery *delivery);

#endif
