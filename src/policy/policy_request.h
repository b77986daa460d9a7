#ifndef POLICY_POLICY_REQUEST_H
#define POLICY_POLICY_REQUEST_H

#include <stddef.h>

#include "lib/client.h"

/* One request to a policy, policy(5); points into its line. */
struct policy_request {
	struct client *client; /* who asks; null before it is known */
	int heeds_room;        /* who asks knows the answer Kroom=BYTES */
	const char *verb;
	size_t verb_len;
	const char *address; /* of mail and rcpt, the name of helo, else empty */
	size_t address_len;
	unsigned long long size;       /* SIZE=, or of size; 0 when it is not told */
	unsigned long long recipients; /* of done: how many were accepted */
	unsigned long long refused;    /* and how many refused for good */
	unsigned long long messages;   /* 1 when the message was accepted */
};

/* Take the line s[0..len), without "\n", apart; leaves the client null. */
void policy_request_parse(struct policy_request *request, const char *s, size_t len);

/* Is the request's verb this one? */
int policy_request_is(const struct policy_request *request, const char *verb);

#endif
