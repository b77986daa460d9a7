#ifndef QUEUE_CUSTODIAN_H
#define QUEUE_CUSTODIAN_H

/* The user to whom the queue belongs, whom a tool of the queue that root starts becomes.
 */

/*
 * Root becomes the owner of queue/ in the working directory, with that folder's group and
 * no other: what stands in the queue may be a link by its owner's hand, and is nothing
 * for root.  It goes on as root only where queue and all its folders are root's, and
 * nobody else can write in them.  For others nothing changes.  Returns 0; -1 after a
 * warning.
 */
int custodian_become(void);

#endif
