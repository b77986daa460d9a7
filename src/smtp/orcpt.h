#ifndef SMTP_ORCPT_H
#define SMTP_ORCPT_H

/* The check of ORCPT's value. */

#include <stddef.h>

/*
 * Is s[0..len) a value of ORCPT: addr-type ";" xtext (RFC 3461, 4.2), or for the type
 * utf-8 what RFC 6533, 3 says, in UTF-8 only when is_utf8?  Without control characters,
 * encoded or not.
 */
int orcpt_is_sound(const char *s, size_t len, int is_utf8);

#endif
