#ifndef DELIVER_DEPOSIT_WRITE_H
#define DELIVER_DEPOSIT_WRITE_H

#include "deliver/deposit.h"

/*
 * The first step of a deposit, as the mailbox's owner: write its file, or find what an
 * earlier delivery has made of it.  Sets the stage that follows.
 */
void deposit_write(struct deposit *deposit);

/* Set only the name that the file will have, up to its sizes. */
void deposit_write_name(struct deposit *deposit);

#endif
