#ifndef RECEIVE_POLICY_LISTEN_H
#define RECEIVE_POLICY_LISTEN_H

#include <stddef.h>

#include <stralloc.h>

#include "receive/policy_request.h"

/*
 * Append the answer to a request of one of many clients, without "\n".  state is a number
 * of the client's own, 0 to begin with; the environment, for the call, is what the client
 * has told of its connection.
 */
typedef void policy_client_answer(
    const struct policy_request *request, unsigned long long *state, stralloc *out);

/*
 * Answer the clients of a listening unix socket, all of them in this one process, each
 * request as the function says: policy(5), "Policies behind a socket".  At most most are
 * connected at a time, the others wait.  A client that breaks the protocol, or does not
 * take its answers, is left.  Returns only on failure, -1 with errno.
 */
int policy_listen(int listening, size_t most, policy_client_answer *answer);

#endif
