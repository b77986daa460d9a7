#ifndef TLS_WRAP_CERTIFICATE_H
#define TLS_WRAP_CERTIFICATE_H

/* The choice of a certificate by the name that the client asks for. */

#include <openssl/ssl.h>

/*
 * OpenSSL's cert_cb: give ssl the certificate and key for the name that the client asks
 * for: tls/NAME, tls/_.PARENT, or the default; see tls(5).  Returns 1; or 0
 * after having logged why there is none, and set the int at is_missing.
 */
int wrap_certificate_choose(SSL *ssl, void *is_missing);

/*
 * Read what has changed in tls/, so that it is ready for all processes to come.  Returns
 * whether there is a default: the certificate for control/me, or of the first folder of
 * all when that name has none; and logs that there is none, when that is complaining.
 */
int wrap_certificate_refresh(SSL_CTX *context, int complaining);

/*
 * The connection's SSL: the one that has been made ready with the default, or a new one;
 * null when memory is short.  For one connection only.
 */
SSL *wrap_certificate_begin(SSL_CTX *context);

#endif
