#ifndef LIB_MAILDIRSIZE_H
#define LIB_MAILDIRSIZE_H

/* Maildir++'s quota file maildirsize. */

#include <stddef.h>

#include "lib/maildirsize_parse.h"

#define MAILDIRSIZE "maildirsize"

/*
 * Maildir++'s quota file maildirsize in a maildir: the quota in its first line, then a
 * line of bytes and messages, signed, for each change.  A maildir is given by a
 * descriptor of its folder (O_PATH will do) or AT_FDCWD.  The caller is its owner:
 * nothing here is safe to do as root in a folder that belongs to another.
 */

/*
 * What the file in maildir says.  Returns 1; 0 when there is none or it is not usable; -1
 * with errno.
 */
int maildirsize_read(struct maildirsize *size, int maildir);

#define MAILDIRSIZE_FITS 1
#define MAILDIRSIZE_FULL 0   /* not now */
#define MAILDIRSIZE_NEVER -2 /* larger than the quota */
/* It takes longer to count the messages; the file says nothing, or what may be old. */
#define MAILDIRSIZE_UNCOUNTED 2
#define MAILDIRSIZE_WAS_FULL 3

/*
 * Would a message of size bytes fit into maildir under quota (bytes, 0: none)?  The
 * messages are counted, and the file made anew, when the file is missing, malformed, over
 * MAILDIRSIZE_MAX or for another quota, and when it says "full" but the maildir has
 * changed since or 15 minutes have passed: in most steps, as maildircount takes them.  -1
 * with errno when that fails.
 */
int maildirsize_fits(
    int maildir, unsigned long long quota, unsigned long long size, size_t most);

/* The same; where it fits, room gets how many bytes would. */
int maildirsize_room(int maildir, unsigned long long quota, unsigned long long size,
    size_t most, unsigned long long *room);

/* Count the messages and make the file anew, however long it takes.  0, or -1 with errno.
 */
int maildirsize_renew(int maildir, unsigned long long quota);

/*
 * Note that bytes and messages came (or, negative, went).  Does nothing where there is no
 * file: the next delivery counts.  Returns 0, or -1 with errno, which harms nothing
 * that counting does not heal.
 */
int maildirsize_add(int maildir, long long bytes, long long messages);

#endif
