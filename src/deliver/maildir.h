#ifndef DELIVER_MAILDIR_H
#define DELIVER_MAILDIR_H

#include <sys/types.h>

#include <stralloc.h>

#include "lib/durable.h"
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
	/* between the steps */
	struct durable file;
	int named; /* it has its name, by us */
};

#define MAILDIR_DONE MAILDIRSIZE_FITS
#define MAILDIR_FULL MAILDIRSIZE_FULL   /* no room now */
#define MAILDIR_NEVER MAILDIRSIZE_NEVER /* larger than the quota */

#define MAILDIR_WRITTEN 2

/*
 * The steps of a delivery into maildir, a descriptor of its folder, which belongs to us.
 * All return -1 with errno, and failed set, when something went wrong, ENOENT when tmp or
 * new is missing.
 */

/*
 * Write the message to a file without a name.  MAILDIR_WRITTEN; or MAILDIR_DONE when it
 * was delivered before, or MAILDIR_NEVER: no other step is due then.
 */
int maildir_write(int maildir, struct delivery *delivery);

/* Then: after MAILDIR_DONE it is in new (or was before) and on the disk. */
int maildir_keep(int maildir, struct delivery *delivery);

/*
 * Or, in a batch, durable_batch.h: after MAILDIR_DONE it is in new, and what is missing
 * is the sync.  The file is still open then.
 */
int maildir_put_in_new(int maildir, struct delivery *delivery);

/* That sync has failed: take it out again, as far as possible.  Returns 0. */
int maildir_take_back(int maildir, struct delivery *delivery);

#endif
