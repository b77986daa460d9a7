#ifndef ACCEPT_OFFSPRING_H
#define ACCEPT_OFFSPRING_H

/* Children that are forked for what may take its time. */

#include <stddef.h>
#include <sys/types.h>

/*
 * As fork(2), but the child has none of our descriptors above 2 except the n of keep, in
 * ascending order, and not the socket on descriptor 0; signals are as they were when we
 * began.  With bound it is killed when we end.  It has to end by _exit(2).
 */
pid_t offspring_fork(const int *keep, size_t n, int bound);

#endif
