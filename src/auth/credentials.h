#ifndef AUTH_CREDENTIALS_H
#define AUTH_CREDENTIALS_H

#include <stddef.h>

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

#endif
