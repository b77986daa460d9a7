#ifndef TLS_WRAP_ANSWER_H
#define TLS_WRAP_ANSWER_H

#include <openssl/ssl.h>

#define WRAP_ANSWER_SECONDS 10 /* that the one who asked may take to read it */

/* Tell the one who asked on clear what ssl has come to: tls(5).  0, or -1 with errno. */
int wrap_answer_accept(int clear, SSL *ssl);

/* Tell that there will be no TLS: letter Z or D, and why.  0, or -1 with errno. */
int wrap_answer_refuse(int clear, char letter, const char *reason);

#endif
