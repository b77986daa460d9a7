#ifndef LIB_CLIENTS_H
#define LIB_CLIENTS_H

/* A server of many clients in one process. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/* What the answer to a client waits for. */
struct clients_wait {
	int fd;        /* which poll(2) is to see ready; -1 for none */
	short events;  /* POLLIN, POLLOUT */
	int64_t until; /* but not past this time, of deadline_now */
};

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
	/*
	 * What the next answer to the client waits for, or null.  While it waits nothing
	 * more is read from the client, and the answers before it are held; take is
	 * called again when that is ready, or the time has come.  May be null: no answer
	 * ever waits.
	 */
	const struct clients_wait *(*waits)(const void *state);
};

/*
 * Serve the clients of a listening unix socket, all of them in this one process.  At most
 * most are served at a time, the others wait; so they do while descriptors or memory
 * of the kernel are short.  But a user who has none, or few, inside is served beside
 * that: 8 of his, 32 in all, and those who wait are no obstacle.  They are as many as
 * most, or as there are descriptors for, 8 at least; who comes then is left.  A client
 * that does not take its answers is left.  Dies with DEFER when memory is short; returns
 * only on another failure, -1 with errno.
 */
int clients_serve(int listening, size_t most, const struct clients_service *service);

#endif
