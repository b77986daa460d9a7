#ifndef TLS_WRAP_AUTHORITIES_H
#define TLS_WRAP_AUTHORITIES_H

/* The authorities by which the certificates of servers are judged. */

#include <openssl/ssl.h>

#include "tls/wrap_look.h"

#define WRAP_AUTHORITIES_FILE "control/cafile"

/* Read their file if it is not in the state in which it was read last.  What is wrong is
 * told to those who need them. */
void wrap_authorities_refresh(void);

/*
 * Let context judge by those of the file that control/cafile names, or of the system's.
 * Returns null; or why it can't, in words.
 */
const char *wrap_authorities_use(SSL_CTX *context);

/* The state of the file that they were read from. */
const struct wrap_look *wrap_authorities_look(void);

#endif
