#ifndef ACCEPT_LARGE_ROOM_H
#define ACCEPT_LARGE_ROOM_H

/*
 * How much memory all the envelopes together may take that children hold, and those of
 * one user.  A message goes to its file as it comes, but an envelope is parsed whole.
 */

#include <stddef.h>

#define LARGE_ROOM_PLACES 400 /* children, each of which may wait for a slow client */

/* A place for a child of this user, or LARGE_ROOM_PLACES: there is none. */
size_t large_room_take(size_t user);

/*
 * In the child: an envelope of len bytes is coming.  Returns 0, or -1 when there is no
 * room for it beside the others.
 */
int large_room_claim(size_t place, size_t len);

/* The child has ended, or never was. */
void large_room_leave(size_t place);

#endif
