#ifndef LIB_SPAWN_OUTPUT_H
#define LIB_SPAWN_OUTPUT_H

/* A program run for what it writes. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/*
 * Run argv[0], looked up in PATH, which has nothing to read, and set output to what it
 * writes, at most max bytes, with a \0 behind them; what it says on descriptor 2 goes
 * nowhere when it is_silent, else to ours.  Returns its wait(2) status; or -1 with errno
 * when it could not be run, said too much (EFBIG) or has not ended at the time until, of
 * deadline_now (ETIMEDOUT): it is killed then.
 */
int spawn_output(
    const char *const *argv, stralloc *output, size_t max, int is_silent, int64_t until);

#endif
