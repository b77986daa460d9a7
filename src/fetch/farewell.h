#ifndef FETCH_FAREWELL_H
#define FETCH_FAREWELL_H

#define FAREWELL_SECONDS 5

/*
 * End a conversation that the client may still be talking in: nothing more is
 * written to fd, what comes from it is thrown away until the client closes or seconds
 * are over.  A close with commands unread would be a reset, which can take our last words
 * from the client.
 */
void farewell(int fd, unsigned seconds);

#endif
