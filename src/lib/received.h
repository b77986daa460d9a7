#ifndef LIB_RECEIVED_H
#define LIB_RECEIVED_H

/* Our Received field. */

#include <time.h>

#include <stralloc.h>

/* What our trace field tells (RFC 5321, 4.4; RFC 8314, 4.3). */
struct received {
	const char *helo;      /* what the client said it is; null: not to be told */
	const char *host;      /* its name, or null */
	const char *ip;        /* its address, or null */
	const char *me;        /* our name */
	const char *user;      /* of this machine, who is the client; or null */
	const char *uid;       /* his number, in digits */
	const char *protocol;  /* ESMTP and the like: RFC 3848 */
	const char *tls;       /* the version of TLS, or null */
	const char *cipher;    /* by IANA's name, or null */
	const char *id;        /* the message ID */
	const char *recipient; /* when there is but one, else null */
	time_t time;
};

/*
 * Append the Received field, "\n" included.  Nothing that a client says can break
 * out of its place.  Dies with DEFER when memory is short.
 */
void received_put(stralloc *sa, const struct received *received);

#endif
