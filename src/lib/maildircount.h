#ifndef LIB_MAILDIRCOUNT_H
#define LIB_MAILDIRCOUNT_H

#define MAILDIRCOUNT_MAX (1LL << 50) /* bytes: larger sums are cut to this */

/*
 * Add up the messages of a maildir, a descriptor or AT_FDCWD, those of its folders .NAME
 * included: by ",S=" in their names where it is there, else by the file's size.  Returns
 * 1; 0 when messages came or went meanwhile, so that the sums may be off by these; -1
 * with errno.
 */
int maildircount(int maildir, long long *bytes, long long *messages);

#endif
