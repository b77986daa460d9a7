#ifndef LIB_CLIENTS_H
#define LIB_CLIENTS_H

#include <stddef.h>

#include <stralloc.h>

/* What a server of many clients does for each of them. */
struct clients_service {
	size_t state_size; /* bytes that it keeps for a client, zeroed to begin with */
	/*
	 * Take the whole questions off the front of heard, and append the answers to
	 * reply.  Returns 0, or -1 to leave the client.
	 */
	int (*take)(void *state, stralloc *heard, stralloc *reply);
	/* The client has left: free what its state holds.  May be null. */
	void (*forget)(void *state);
};

/*
 * Serve the clients of a listening unix socket, all of them in this one process.  At most
 * most are connected at a time, the others wait.  A client that does not take its answers
 * is left.  Dies with DEFER when memory is short; returns only on another failure, -1
 * with errno.
 */
int clients_serve(int listening, size_t most, const struct clients_service *service);

#endif
