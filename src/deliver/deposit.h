#ifndef DELIVER_DEPOSIT_H
#define DELIVER_DEPOSIT_H

#include <stralloc.h>

#include "deliver/answer.h"
#include "deliver/maildir.h"
#include "lib/job.h"
#include "lib/users.h"

#define DEPOSITS_MAX 64 /* at once: two descriptors for each */

/* A message for one of our mailboxes; zeroed to begin with, kept for its memory. */
struct deposit {
	const struct job *job;
	size_t index;     /* of the recipient in the job */
	stralloc mailbox; /* whose it is, C string */
	uid_t uid;        /* its owner */
	gid_t gid;
	int by_alias;     /* the recipient is an alias that leads there */
	const char *host; /* our name */
	struct answer *answer;
	struct delivery delivery; /* quota is the caller's to set; the rest is not */
	/* between begin and end */
	stralloc folder;
	int maildir;
	int result, error;
};

/*
 * Write it for the mailbox, as its owner, with Return-Path and Delivered-To; make what is
 * missing of the mailbox's folders.  Returns 1 when deposits_end is to follow; 0 when
 * that is not needed: the answer is set.
 */
int deposit_begin(struct deposit *deposit);

/*
 * Put the first n, at most DEPOSITS_MAX, into their mailboxes, and set the answers: after
 * K it is there and on the disk.
 */
void deposits_end(struct deposit *list, size_t n);

#endif
