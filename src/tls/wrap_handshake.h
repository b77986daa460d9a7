#ifndef TLS_WRAP_HANDSHAKE_H
#define TLS_WRAP_HANDSHAKE_H

/* The handshake, with a deadline. */

#include <stdint.h>

#include <openssl/ssl.h>

/*
 * Complete the handshake on ssl, whose descriptor net does not block, by the time at, in
 * the milliseconds of deadline_now, while whoever asked for it stays on clear.  Returns
 * null; or why not.
 */
const char *wrap_handshake(SSL *ssl, int net, int clear, int64_t at);

/* Why the last operation on ssl, that returned r, failed, in words. */
const char *wrap_handshake_reason(SSL *ssl, int r);

#endif
