#ifndef RECEIVE_RELAY_REQUEST_H
#define RECEIVE_RELAY_REQUEST_H

#include <stddef.h>

/* One request to a policy, policy(5); points into its line. */
struct relay_request {
	const char *verb;
	size_t verb_len;
	const char *address; /* of mail and rcpt, else empty */
	size_t address_len;
	unsigned long long size; /* SIZE=, 0 when it is not told */
};

/* Take the line s[0..len), without "\n", apart. */
void relay_request_parse(struct relay_request *request, const char *s, size_t len);

/* Is the request's verb this one? */
int relay_request_is(const struct relay_request *request, const char *verb);

/*
 * Does the local part of the address s[0..len) ask for a further hop: user%host,
 * host!user, user@host in quotes?
 */
int relay_request_routes(const char *s, size_t len);

#endif
