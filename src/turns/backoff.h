#ifndef TURNS_BACKOFF_H
#define TURNS_BACKOFF_H

/* Waits that are doubled with each failure. */

#include <stdint.h>

/*
 * How long to wait after so many failures in a row before this one: first, doubled with
 * each of them, but at most so many times.
 */
int64_t backoff_wait(int64_t first, unsigned failures, unsigned doublings);

#endif
