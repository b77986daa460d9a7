#ifndef TLS_WRAP_SERVER_H
#define TLS_WRAP_SERVER_H

/* The server of run/tls.sock: a child for each connection. */

#include <stddef.h>

#include <openssl/ssl.h>

/*
 * Serve the unix socket that listens on descriptor 0: a child of its own for each
 * connection, at most most of them at a time; others wait.  Tells on descriptor 1 that it
 * is ready.  Returns 0 in each child, with its connection on descriptor 0, and -1 with
 * errno in the server when it can't go on.
 */
int wrap_server_run(size_t most, SSL_CTX *context);

#endif
