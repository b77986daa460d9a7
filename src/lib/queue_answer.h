#ifndef LIB_QUEUE_ANSWER_H
#define LIB_QUEUE_ANSWER_H

/* What the queue's service answers to a message: queue-socket(5). */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/netstring_scan.h"

#define QUEUE_ANSWER_MAX 1000 /* bytes */
#define QUEUE_ANSWER_ROOM (QUEUE_ANSWER_MAX + NETSTRING_LENGTH_DIGITS + 3)

/* Make ready to read answers from the socket fd, which blocks.  Returns 0, or -1 with
 * errno. */
int queue_answer_prepare(int fd);

/*
 * Read the answer from fd, made ready, before the time at of deadline_now.  Returns its
 * length, and where it begins in s; 0 when it is empty, malformed or not alone; -1 with
 * errno, EPIPE when the service has ended without one, ETIMEDOUT.
 */
ssize_t queue_answer_read(int fd, char s[QUEUE_ANSWER_ROOM], size_t *start, int64_t at);

/* Does s[0..len) accept the message id, or any one when that is empty? */
int queue_answer_accepts(const char *s, size_t len, const char *id);

#endif
