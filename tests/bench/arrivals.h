#ifndef BENCH_ARRIVALS_H
#define BENCH_ARRIVALS_H

/*
 * Count what arrives in the n maildirs, by inotify, so that nobody has to read folders
 * meanwhile.  Returns a descriptor to poll, or -1 with errno.
 */
int arrivals_watch(char **maildirs, int n);

/*
 * How many came since the last call; -1 with errno, EOVERFLOW when they were too many to
 * be counted.
 */
long arrivals_count(int watcher);

#endif
