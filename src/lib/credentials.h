#ifndef LIB_CREDENTIALS_H
#define LIB_CREDENTIALS_H

/* What somebody says of himself: checkpassword's bytes, auth(5)'s request. */

#include <stddef.h>

#include <stralloc.h>

#define CREDENTIALS_MAX 512 /* bytes: checkpassword's limit */

/* What somebody says of himself; C strings inside the parsed bytes. */
struct credentials {
	const char *user;
	const char *password;
	const char *timestamp; /* "" when there is none */
	const char *client; /* the client's IP address, which may follow; "" when not */
};

/*
 * Parse s[0..len), checkpassword's `user\0password\0timestamp\0`, to which more may
 * follow.  Returns 1, or 0 when it is not that.
 */
int credentials_parse(struct credentials *credentials, const char *s, size_t len);

/*
 * Append what parses to user and password, with the time, and TCPREMOTEIP where it is
 * set. Returns 1; 0, and sa is as it was, without a user, or when it would be longer than
 * CREDENTIALS_MAX.
 */
int credentials_put(stralloc *sa, const char *user, const char *password);

#endif
