#ifndef FETCH_MESSAGE_SEND_H
#define FETCH_MESSAGE_SEND_H

#include <stddef.h>
#include <stdint.h>

#include "fetch/output.h"

#define TOP_ALL UINT64_MAX

/* How far the beginning of a message reaches: its header and some lines of its body. */
struct top {
	uint64_t
	    lines; /* of the body that are still wanted; TOP_ALL: the whole message */
	int in_body;
	int line_begun;
	int done;
};

/* How many bytes of s[0..len), the next piece of the message, belong to it. */
size_t top_take(struct top *top, const char *s, size_t len);

/*
 * Put the message in fd, as top says, into o in the form of POP3, with the final dot in
 * the same write as the last of the text.  *octets is then the size of the text.
 * Returns 0, or -1 with errno when reading failed: the answer is incomplete then.
 */
int message_send(struct output *o, int fd, struct top top, uint64_t *octets);

/*
 * The size in octets that sending the message in fd will have.  Returns 0, or -1 with
 * errno.  Reads from the beginning, whatever fd's position, and leaves that alone.
 */
int message_measure(int fd, uint64_t *octets);

#endif
