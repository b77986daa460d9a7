#ifndef LIB_TLS_ASK_H
#define LIB_TLS_ASK_H

/* TLS asked for at run/tls.sock: tls(5), the side of the one who asks. */

#include <stralloc.h>

#define TLS_ASK_SOCKET "run/tls.sock"

/*
 * Connect to it.  Returns a descriptor; or -1 with errno.  When it is done early, the
 * other side gets ready meanwhile.
 */
int tls_ask_connect(void);

/* Append the record NAME=VALUE to a request; name ends with =. */
void tls_ask_put(stralloc *request, const char *name, const char *value);

/*
 * Ask on sock for TLS on the connection fd, with seconds for the handshake.  Returns
 * 'K', and answer has records NAME=VALUE\0, while sock carries clear text from now on;
 * 'Z' or 'D', and answer is the reason, a C string; or 0 when there is no answer or a
 * senseless one, and answer is why, in words.
 */
char tls_ask(
    int sock, int fd, const stralloc *request, unsigned seconds, stralloc *answer);

/*
 * The same, but a socket of its own carries the clear text, whose other end is clear, and
 * the next request may be made on sock when this session is over.
 */
char tls_ask_passing(
    int sock, int fd, int clear, stralloc *request, unsigned seconds, stralloc *answer);

#endif
