#ifndef DELIVER_DEPOSIT_H
#define DELIVER_DEPOSIT_H

#include <stralloc.h>

#include "deliver/answer.h"
#include "deliver/maildir.h"
#include "lib/job.h"
#include "lib/users.h"

/* A message for one of our mailboxes; zeroed to begin with, kept for its memory. */
struct deposit {
	const struct job *job;
	const char *recipient;      /* as it stands in the job */
	const struct user *mailbox; /* whose it is */
	int by_alias;               /* recipient is an alias that leads there */
	const char *host;           /* our name */
	stralloc folder;
	struct delivery delivery; /* quota is the caller's to set; the rest is not */
};

/*
 * Put it into the mailbox, as the mailbox's owner, with Return-Path and Delivered-To;
 * make what is missing of its folders.  Sets the answer.
 */
void deposit_make(struct deposit *deposit, struct answer *answer);

#endif
