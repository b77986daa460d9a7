#ifndef LIB_QUEUEID_H
#define LIB_QUEUEID_H

/* Message IDs. */

#include <stdint.h>

/*
 * A message ID: 11 digits base 36 of the microseconds since 1970, so that
 * names sort by time, and 13 characters (65 bits) of randomness.  [0-9a-z] only.
 */
#define QUEUEID_LEN 24

/* Make a new one in id, a C string.  Returns 0, or -1 with errno. */
int queueid_make(char id[QUEUEID_LEN + 1]);

/* $QUEUEID when it is one, else a new one.  Returns 0, or -1 with errno. */
int queueid_take(char id[QUEUEID_LEN + 1]);

/* Is the C string s a message ID? */
int queueid_is(const char *s);

/* The microseconds since 1970 at which it was made. */
int64_t queueid_time(const char *id);

/*
 * The ID of a message that follows from message id by reason of the C string cause: the
 * same two always give the same, so that work repeated after a crash meets its own
 * result.  Its time is that of id.
 */
void queueid_derive(char derived[QUEUEID_LEN + 1], const char *id, const char *cause);

/* 64 bits that depend on every byte of s: for names, not for secrets. */
uint64_t queueid_hash(const char *s, uint64_t seed);

#endif
