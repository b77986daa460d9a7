#ifndef SMTP_INTRUDER_H
#define SMTP_INTRUDER_H

/* Lines that no client of SMTP sends. */

#include <stddef.h>

/*
 * Whose line s[0..len) is, when it is no command: "HTTP" or "header"; else null.  What a
 * browser was made to send may hold anything in what follows, commands too.  No command
 * has a colon in its first word, but every header field has.
 */
const char *intruder_protocol(const char *s, size_t len);

#endif
