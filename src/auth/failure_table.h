#ifndef AUTH_FAILURE_TABLE_H
#define AUTH_FAILURE_TABLE_H

/* The tables of state/auth/failures: how often each of something failed lately. */

#include <stdint.h>

#define FAILURE_TABLE "state/auth/failures"
#define FAILURE_TABLE_KINDS 5 /* tables in the file */
#define FAILURE_TABLE_DECAY                                                              \
	600 /* seconds in which half of the failures are forgotten                       \
	     */
#define FAILURE_TABLE_PLACES                                                             \
	4                      /* that a name may take, with others that fall together   \
				*/
#define FAILURE_TABLE_LOCKS 64 /* that a name has, at most */

/*
 * The open file.  Its seed is secret and made with it, so that nobody can choose names
 * that fall together; if they do all the same, the one with the least failures goes.
 */
struct failure_table {
	int fd; /* close-on-exec */
	uint64_t seed[2];
};

/*
 * Open the file in the working directory, or make it; one that is none is made anew.
 * Returns 0, or -1 with errno: fd is -1 then.
 */
int failure_table_open(struct failure_table *table);

/* What s is called in table kind: never 0. */
uint64_t failure_table_name(const struct failure_table *table, int kind, const char *s);

/* The failures that are still remembered; 0, too, when they can't be read. */
unsigned failure_table_get(const struct failure_table *table, int kind, uint64_t name);

/* Remember so many.  Returns 0, or -1 with errno.  The caller has locked the file. */
int failure_table_put(
    const struct failure_table *table, int kind, uint64_t name, unsigned failures);

/*
 * Take one of so many locks of the name, which ends with the descriptor.  Returns 1, or 0
 * when all are taken.
 */
int failure_table_take(
    const struct failure_table *table, int kind, uint64_t name, unsigned locks);

#endif
