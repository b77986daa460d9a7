#ifndef LIB_MAILDIRNAME_H
#define LIB_MAILDIRNAME_H

/* The numbers in the names of a maildir's files: maildir(5). */

#include <stddef.h>

/*
 * What the name of a file in a maildir says, BASE[,S=BYTES][,W=BYTES][:2,FLAGS]:
 * maildir(5).
 */

/*
 * The number after ",LETTER=" (S: the size of the file, W: its size with CRLF line ends).
 * Returns 1, or 0 when the name does not say it.
 */
int maildirname_number(const char *name, char letter, unsigned long long *n);

/* How many bytes of name are its unique part, before the first ',' or ':'. */
size_t maildirname_base(const char *name);

#endif
