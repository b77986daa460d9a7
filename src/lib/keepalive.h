#ifndef LIB_KEEPALIVE_H
#define LIB_KEEPALIVE_H

/* Peers that vanish without a word, found out by TCP. */

/* Seconds after which the connection with one that does not answer any more is over. */
#define KEEPALIVE_SECONDS 120

/*
 * Let the kernel ask on fd whether the peer is still there, and give up what it does not
 * acknowledge.  What is no TCP connection stays as it is.
 */
void keepalive_begin(int fd);

#endif
