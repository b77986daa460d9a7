#ifndef TLS_WRAP_SETTINGS_H
#define TLS_WRAP_SETTINGS_H

/* What the admin says of versions and ciphers. */

#include <openssl/ssl.h>

/*
 * Take control/tlsmin and control/tlsciphers to heart, where they are.  What can't be
 * understood is logged, and leaves the default as it is.
 */
void wrap_settings_apply(SSL *ssl);

#endif
