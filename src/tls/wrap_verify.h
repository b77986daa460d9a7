#ifndef TLS_WRAP_VERIFY_H
#define TLS_WRAP_VERIFY_H

/* The judgement of a server's certificate. */

#include <openssl/ssl.h>

#include "tls/tls_request.h"

/* What is asked, and what has come. */
struct wrap_verify {
	const struct tls_request *request;
	X509 *certificate; /* the server's, once it has been judged; or null */
};

/*
 * Let ssl, of context, which nobody else uses, judge its server as the request says; both
 * must outlive it.  Returns null; or why it can't, in words, *ours being false when the
 * TLSA records are of no use.
 */
const char *wrap_verify_apply(
    struct wrap_verify *verify, SSL_CTX *context, SSL *ssl, int *ours);

/* What OpenSSL calls to judge a certificate; the argument is a struct wrap_verify. */
int wrap_verify_judge(X509_STORE_CTX *store, void *argument);

/*
 * The handshake on ssl has failed.  Returns a word for a program: what is wrong with the
 * certificate, else "handshake-failure".
 */
const char *wrap_verify_word(const SSL *ssl);

/* What is wrong with the certificate, in words; null when nothing is. */
const char *wrap_verify_reason(const SSL *ssl);

/* The word for a way to judge. */
const char *wrap_verify_name(enum tls_verify verify);

#endif
