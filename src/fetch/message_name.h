#ifndef FETCH_MESSAGE_NAME_H
#define FETCH_MESSAGE_NAME_H

#include <stddef.h>

#include "lib/queueid.h"

/*
 * What the name of a message's file tells a reader besides the numbers of
 * lib/maildirname.  Our own deliveries are SECONDS.IDrHASH.HOST,S=BYTES,W=BYTES, any
 * other program's are whatever stands before the ':'.
 */

#define MESSAGE_UID_MAX 70 /* RFC 1939, 7 */

/* How many bytes of name stay the same while flags change: all before the ':'. */
size_t message_name_stable(const char *name);

/* The message ID in name.  Returns 1, or 0 when there is none. */
int message_name_id(const char *name, char id[QUEUEID_LEN + 1]);

/*
 * Was name made by one of our programs, with both sizes, so that they can be believed?
 */
int message_name_ours(const char *name);

/*
 * The UIDL of the message: IDrHASH for our own; else all that does not change in
 * the name (as qmail-pop3d has it, so nobody fetches everything again after moving
 * here); a hash of that when it is too long or holds what RFC 1939 does not allow,
 * or when whole says that a short one would not be unique.
 */
void message_name_uid(char uid[MESSAGE_UID_MAX + 1], const char *name, int whole);

/* The order of messages, as strcmp: by the time in the name, then by all before the ':'.
 */
int message_name_compare(const char *a, const char *b);

#endif
