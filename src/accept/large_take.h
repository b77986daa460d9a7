#ifndef ACCEPT_LARGE_TAKE_H
#define ACCEPT_LARGE_TAKE_H

/* A message written to a file as it comes: queue-socket(5), queue(5). */

#include <stralloc.h>

#include "lib/exchange.h"

#define LARGE_TAKE_SECONDS 300 /* for each next byte */

enum large_take_how {
	LARGE_TAKE_ON,    /* more of it comes */
	LARGE_TAKE_WHOLE, /* it has come to its end */
	LARGE_TAKE_KNOWN, /* more of it comes, but it has been taken before */
};

#define LARGE_TAKE_OVER 1 /* the connection can't go on */
#define LARGE_TAKE_KEPT 2 /* the message was taken */

/*
 * Go on with the exchange e on the connection fd, of which rest has come already,
 * write the message, which has an ID, to the journal's folder, and answer.
 * place is its own, of large_room.  Returns the sum of what is true, below.  To be called
 * in a child: it takes its time.
 */
int large_take(int fd, struct exchange *e, const stralloc *rest, enum large_take_how how,
    size_t place);

#endif
