#ifndef LIB_UNIX_CONNECT_H
#define LIB_UNIX_CONNECT_H

/* Connections to services on unix sockets. */

#define UNIX_CONNECT_SECONDS 10 /* for a service that is there, but busy */

/*
 * Connect to the unix stream socket path.  Returns a close-on-exec descriptor, or -1 with
 * errno: EAGAIN when nobody accepted the connection for so many seconds; so it is
 * when later nobody takes what we write.  With no seconds the descriptor does not block.
 */
int unix_connect(const char *path, unsigned seconds);

#endif
