#ifndef FETCH_MESSAGE_SEND_H
#define FETCH_MESSAGE_SEND_H

/* A message, or its beginning, sent in the form of POP3, and its size in that form. */

#include <stdint.h>

#include "fetch/message_top.h"
#include "lib/output.h"

/*
 * Put the message in fd, as top says, into o in the form of POP3, with the final dot in
 * the same write as the last of the text.  *octets is then the size of the text.
 * Returns 0, or -1 with errno when reading failed: the answer is incomplete then.
 */
int message_send(struct output *o, int fd, struct message_top top, uint64_t *octets);

/*
 * Can the first max bytes of fd be read?  Returns 0, or -1 with errno.  Leaves fd's
 * position alone.
 */
int message_send_try(int fd, uint64_t max);

/*
 * The size in octets that sending the message in fd will have.  Returns 0, or -1 with
 * errno.  Reads from the beginning, whatever fd's position, and leaves that alone.
 */
int message_send_measure(int fd, uint64_t *octets);

#endif
