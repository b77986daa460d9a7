#ifndef AUTH_REQUEST_H
#define AUTH_REQUEST_H

#include <stddef.h>

#define REQUEST_MAX 4096 /* bytes: SCRAM needs more than credentials */

/*
 * A question that came over a unix socket: one netstring, maybe with the descriptor of
 * the client that they are from.  Zeroed to begin with, used again.
 */
struct request {
	char s[REQUEST_MAX + 16];
	size_t len;
	size_t used;  /* bytes of s that the netstring takes */
	size_t start; /* where its content is */
	size_t size;
	int client; /* the descriptor, close-on-exec; -1: none came */
};

/*
 * Read the next one from sock.  Its first byte may take any time, the rest seconds.
 * Returns 1; 0 at the end of the connection; -1 with errno, EPROTO when it is
 * malformed.
 */
int request_read(struct request *request, int sock, unsigned seconds);

/* Forget it, its password and its descriptor. */
void request_forget(struct request *request);

#endif
