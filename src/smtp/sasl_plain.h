#ifndef SMTP_SASL_PLAIN_H
#define SMTP_SASL_PLAIN_H

/* The messages of PLAIN: RFC 4616. */

#include <stddef.h>

/* A message of PLAIN (RFC 4616); C strings inside the parsed bytes. */
struct sasl_plain {
	const char *authorised; /* the authzid, empty: none */
	const char *user;
	const char *password;
};

/*
 * Parse s[0..len), which is followed by a \0: [authzid] \0 authcid \0 passwd.  Returns 1,
 * or 0 when it is malformed.
 */
int sasl_plain_parse(struct sasl_plain *plain, const char *s, size_t len);

#endif
