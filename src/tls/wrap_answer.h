#ifndef TLS_WRAP_ANSWER_H
#define TLS_WRAP_ANSWER_H

/* What tls-wrap tells who asked it. */

#include <openssl/ssl.h>

#include "tls/wrap_verify.h"

#define WRAP_ANSWER_SECONDS 10 /* that the one who asked may take to read it */

/*
 * Tell the one who asked on clear what ssl has come to: tls(5).  verify is null on the
 * server's side.  0, or -1 with errno.
 */
int wrap_answer_accept(int clear, SSL *ssl, const struct wrap_verify *verify);

/* Tell that there will be no TLS: letter Z or D, and why.  0, or -1 with errno. */
int wrap_answer_refuse(int clear, char letter, const char *reason);

/* Tell that there will be none with a server: status, a word for programs, and why. */
int wrap_answer_fail(int clear, const char *status, const char *word, const char *reason);

#endif
