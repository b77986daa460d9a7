#ifndef TLS_WRAP_PEER_H
#define TLS_WRAP_PEER_H

/* What the certificate of a server says. */

#include <stddef.h>

#include <openssl/x509.h>

#define WRAP_PEER_NAMES 512 /* bytes of all names that are told */
#define WRAP_PEER_HEX 65    /* bytes of a SHA-256 in hexadecimal */

/*
 * The names of the certificate, its subjectAltName of type DNS, with commas between them,
 * as many as there is room for; "" when there are none.  What is not of a name's
 * characters is left out.
 */
void wrap_peer_names(const X509 *certificate, char names[WRAP_PEER_NAMES]);

/* SHA-256 of the certificate, and of its public key; "" when it can't be had. */
void wrap_peer_digest(X509 *certificate, char hex[WRAP_PEER_HEX]);
void wrap_peer_key_digest(const X509 *certificate, char hex[WRAP_PEER_HEX]);

#endif
