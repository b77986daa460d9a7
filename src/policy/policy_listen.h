#ifndef POLICY_POLICY_LISTEN_H
#define POLICY_POLICY_LISTEN_H

/* A policy as one server for all sessions. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/clients.h"
#include "policy/policy_request.h"

/* What such a policy does; state is the client's own, zeroed to begin with. */
struct policy_listen_service {
	size_t state_size;
	const char *asks; /* the verbs that it wants beside mail and rcpt, a blank
			     between; null: all */
	/*
	 * The next request has come already, behind that which is to be answered now:
	 * what it needs may be asked for.  Null: that is nothing for this policy.
	 */
	void (*foresee)(const struct policy_request *next, void *state);
	/*
	 * Append the answer to a request of the client, without "\n".  request->client is
	 * what it has told of its connection.  Returns 1, or 0 when the answer has to be
	 * waited for: nothing is appended then.
	 */
	int (*answer)(const struct policy_request *request, void *state, stralloc *out);
	/* What it waits for. */
	const struct clients_wait *(*waits)(const void *state);
	/* The same for the answer that was waited for. */
	int (*go_on)(void *state, stralloc *out);
	/* The client has left: free what its state holds. */
	void (*forget)(void *state);
};

/*
 * Say on descriptor 1 that we are ready, and answer the clients of the listening unix
 * socket on descriptor 0, all of them in this one process, each
 * request as the service says: policy(5), "Policies behind a socket".  At most most are
 * connected at a time, the others wait.  One whose answer has to be waited for keeps no
 * other waiting.  A client that breaks the protocol, or does not take its answers, is
 * left.  Dies with DEFER when that can't be done.
 */
void policy_listen(size_t most, const struct policy_listen_service *service)
    __attribute__((noreturn));

/* The same for a policy's only client, of one request, which has all the time there is.
 */
void policy_listen_answer(const struct policy_listen_service *service,
    const struct policy_request *request, void *state, stralloc *out);

#endif
