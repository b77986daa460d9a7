#ifndef MILTER_MILTER_CHANNEL_H
#define MILTER_MILTER_CHANNEL_H

/* The packets that go to a milter and come from it, each within its time. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/* With fd -1 and zeroed else, to begin with. */
struct milter_channel {
	int fd;           /* -1: not connected */
	unsigned seconds; /* for a step */
	int64_t last; /* when all must be over: milliseconds of lib/deadline; 0: never */
	const char *why; /* what went wrong, a constant; errno says more, or is 0 */
	stralloc out;    /* what milter_channel_send is to send */
	stralloc heard;
	size_t taken; /* of heard */
};

/*
 * Connect to address, as milter_connect does, within seconds, but not past last.  Returns
 * 0, or -1 with why.
 */
int milter_channel_open(struct milter_channel *c, const char *address);

/* The milter is lost: close, and say why, with errno or 0.  Returns -1. */
int milter_channel_lose(struct milter_channel *c, const char *why);

/*
 * Has it said something, or ended the connection, while it was asked nothing?  A milter
 * never does: what it answers next could be taken for an answer to something else.
 */
int milter_channel_is_astray(const struct milter_channel *c);

/*
 * Send what has been put into out, all of it within seconds, but not past last.  Returns
 * 0, or -1, and it is lost.
 */
int milter_channel_send(struct milter_channel *c);

/* When so many times the seconds will be over, but not past last: for
 * milter_channel_hear. */
int64_t milter_channel_due(const struct milter_channel *c, unsigned times);

/*
 * The next packet, until the time at: its command, and its data, which are there until
 * the next call.  Returns 0, or -1, and it is lost.
 */
int milter_channel_hear(
    struct milter_channel *c, int64_t at, char *command, const char **data, size_t *len);

#endif
