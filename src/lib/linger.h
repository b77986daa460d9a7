#ifndef LIB_LINGER_H
#define LIB_LINGER_H

/* The end of a connection that the peer may still be talking in. */

#define LINGER_SECONDS 5
#define LINGER_BYTES 1048576

/*
 * Nothing more is written to out; what comes from in is thrown away until the peer
 * closes, for at most LINGER_SECONDS and LINGER_BYTES.  A close with something unread
 * would be a reset, which can take our last words from the peer.
 */
void linger(int in, int out);

#endif
