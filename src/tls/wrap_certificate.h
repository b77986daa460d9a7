#ifndef TLS_WRAP_CERTIFICATE_H
#define TLS_WRAP_CERTIFICATE_H

#include <openssl/ssl.h>

/*
 * OpenSSL's cert_cb: give ssl the certificate and key for the name that the client asks
 * for: tls/NAME, tls/_.PARENT, or the one for control/me; see tls(5).  Returns 1; or 0
 * after having logged why there is none, and set the int at is_missing.
 */
int wrap_certificate_choose(SSL *ssl, void *is_missing);

#endif
