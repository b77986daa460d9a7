#ifndef FETCH_MESSAGE_TOP_H
#define FETCH_MESSAGE_TOP_H

/* The beginning of a message, as TOP asks for it. */

#include <stddef.h>
#include <stdint.h>

#define MESSAGE_TOP_ALL UINT64_MAX

/* How far the beginning of a message reaches: its header and some lines of its body. */
struct message_top {
	/* of the body that are still wanted; MESSAGE_TOP_ALL: the whole message */
	uint64_t lines;
	int in_body;
	int line_begun;
	int done;
};

/* How many bytes of s[0..len), the next piece of the message, belong to it. */
size_t message_top_take(struct message_top *top, const char *s, size_t len);

#endif
