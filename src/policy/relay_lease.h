#ifndef POLICY_RELAY_LEASE_H
#define POLICY_RELAY_LEASE_H

/* Room that mailboxes have said they have, granted from for a second without asking. */

#include <stddef.h>
#include <stdint.h>

#define RELAY_LEASE_MILLISECONDS 1000
#define RELAY_LEASE_HEAD 4096 /* bytes that a message may get on its way, in fields */
/* So much is never granted from: below, each message is asked about. */
#define RELAY_LEASE_MARGIN 1048576
#define RELAY_LEASE_SLOTS 2048
#define RELAY_LEASE_NAME_MAX 103 /* of a mailbox; those with longer ones are asked */

/*
 * From here on there are leases, in this process, which has to be the only one that
 * grants from these mailboxes for its clients.  Without this there are none.  Returns 0,
 * or -1 with errno.
 */
int relay_lease_begin(void);

/*
 * What mailboxes there are, and with which quota, may be another now: when it has changed
 * since the last call, all leases are forgotten.  opened tells one users' table from the
 * next.
 */
void relay_lease_look(unsigned long opened);

/* Which of these states it is: an answer of an earlier one is none for this. */
unsigned long relay_lease_era(void);

/*
 * Grant a message of size bytes room in the mailbox whose key is s[0..len)
 * (address_key), at the time now of deadline_now.  Returns 1, or 0 when the mailbox has
 * to be asked.
 */
int relay_lease_take(const char *s, size_t len, unsigned long long size, int64_t now);

/*
 * The mailbox s[0..len) has said, to a question put at the time asked_at in that era,
 * that it takes a message of size bytes, and has room for so many in all.  What has been
 * granted within the lease before is taken off, too.
 */
void relay_lease_put(const char *s, size_t len, unsigned long long room,
    unsigned long long size, int64_t asked_at, unsigned long era);

#endif
