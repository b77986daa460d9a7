#ifndef LIB_MAILDIRCOUNT_H
#define LIB_MAILDIRCOUNT_H

/* The size of a maildir, counted. */

#include <stddef.h>

#define MAILDIRCOUNT_MAX (1LL << 50) /* bytes: larger sums are cut to this */

/*
 * Add up the messages of a maildir, a descriptor or AT_FDCWD, those of its folders .NAME
 * included, but nothing behind a link: by ",S=" in their names where it is there, else by
 * the file's size.  Returns 1; 0 when messages came or went meanwhile, so that the sums
 * may be off by these; -1 with errno.
 *
 * At most most steps are taken, 0 for any number: one for a name, more for a size or a
 * folder.  If that is not enough, or most of them take too long: -1 with E2BIG.
 */
int maildircount(int maildir, size_t most, long long *bytes, long long *messages);

#endif
