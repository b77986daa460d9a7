#ifndef LIB_TLS_ANSWER_H
#define LIB_TLS_ANSWER_H

/* The judgement of what tls.sock answers: tls(5). */

#include <stddef.h>

#define TLS_ANSWER_MAX 2048 /* bytes of its content */

/*
 * Judge an answer of tls.sock, the content s[0..len) of its netstring: tls(5).  'K', and
 * what follows it are records NAME=VALUE\0 that may be put into an environment; 'Z' or
 * 'D', and what follows is the reason; 0 when it makes no sense.
 */
char tls_answer_judge(const char *s, size_t len);

/*
 * Is the C string s NAME=VALUE, with a name that begins with TLS_ or SSL_ and has capital
 * letters, digits and _ only, and a value without control characters?
 */
int tls_answer_is_setting(const char *s);

/* Put it into our environment, if it is one and there is memory for it. */
void tls_answer_set(const char *s);

#endif
