#ifndef LIB_PROGRESS_H
#define LIB_PROGRESS_H

/* How far long work has come, on a terminal, and only there. */

#include <stdint.h>

/* Zeroed to begin with, but for what, as "messages checked". */
struct progress {
	const char *what;
	unsigned long long count;
	int64_t next; /* when it is shown again, of deadline_now; -1: never */
	int is_shown;
};

/* One more is done: descriptor 2 shows how many are, once a second at most. */
void progress_step(struct progress *p);

/* It is over: take the line away that shows it. */
void progress_clear(struct progress *p);

#endif
