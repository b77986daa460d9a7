#ifndef ACCEPT_LARGE_TAKE_H
#define ACCEPT_LARGE_TAKE_H

/* A message written to a file as it comes: queue-socket(5), queue(5). */

#include <stralloc.h>

#include "accept/exchange.h"

#define LARGE_TAKE_SECONDS 300 /* for each next byte */

/*
 * Go on with the exchange e on the connection fd, of which rest has come already, or
 * which has come to its end when it is whole; write the message to queue/new, and answer.
 * Returns 0 when the connection can go on, else 1.  To be called in a child: it takes its
 * time.
 */
int large_take(int fd, struct exchange *e, const stralloc *rest, int whole);

#endif
