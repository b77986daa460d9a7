#ifndef QUEUE_TWIN_H
#define QUEUE_TWIN_H

/* Messages that a power cut has left with both names of a move. */

#include <sys/stat.h>

/*
 * The file st at path, the name of a message in one of its places, is locked and has more
 * than one name: remove those that it has under its ID in other places of the queue.  On
 * ext4 without a journal a cut leaves the old name beside the new one, and e2fsck counts
 * both.
 */
void twin_remove(const char *path, const struct stat *st);

#endif
