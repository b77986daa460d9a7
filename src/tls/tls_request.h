#ifndef TLS_TLS_REQUEST_H
#define TLS_TLS_REQUEST_H

#include <stddef.h>

#define TLS_REQUEST_MAX 2048   /* bytes of its content */
#define TLS_TIMEOUT_DEFAULT 60 /* seconds for a handshake */
#define TLS_TIMEOUT_MAX 600
#define TLS_NAME_MAX 255 /* bytes of a host name; of an ALPN protocol: RFC 7301, 3.1 */

enum tls_side { TLS_SIDE_NONE, TLS_SIDE_SERVER, TLS_SIDE_CLIENT };

/* What is wanted of tls.sock: tls(5).  The strings are inside the parsed bytes. */
struct tls_request {
	enum tls_side side;
	unsigned timeout;       /* seconds */
	const char *alpn;       /* the one protocol that is spoken, or null */
	const char *servername; /* of the server we are the client of, or null */
	const char *verify;     /* how to judge that server, or null */
};

/*
 * Parse the records NAME=VALUE\0 in s[0..len), a request's content.  Returns null, or
 * what is wrong.  A name that is not known is wrong: what it asks for must not be
 * forgotten in silence.
 */
const char *tls_request_parse(struct tls_request *request, const char *s, size_t len);

#endif
