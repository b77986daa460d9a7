#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#include <stdint.h>

#include "auth/failure_table.h"

#define THROTTLE_LEAST 1000   /* milliseconds that any failure costs */
#define THROTTLE_FREE 3       /* failures that cost no more than that */
#define THROTTLE_MOST 20000   /* milliseconds */
#define THROTTLE_PLACES 5     /* guesses of one client at a time, once it has failed */
#define THROTTLE_PROCESSES 32 /* questions of one client at a time, right or not */
#define THROTTLE_ACCOUNT 100  /* failures of one account, of whatever clients */
#define THROTTLE_ACCOUNT_COST 10000 /* milliseconds that each costs from then on */

/*
 * Who failed to authenticate lately, in tables that any number of processes use at
 * once.  Clients are IPv4 addresses and IPv6 networks of
 * 64 bits; for one that is no address nothing is counted.  Who is right never waits.
 */

/* One guess, from throttle_begin to throttle_end. */
struct throttle {
	uint64_t names[FAILURE_TABLE_KINDS];
	struct failure_table
	    table; /* fd, of the guess's place, too, is -1 when not open */
};

/*
 * The client is about to name user's password.  Returns 1; or 0 when as many guesses of
 * it as may be are under way, and nothing is to be said of this one.  Then, too, and
 * when nothing can be counted, which has been said, throttle_end follows.
 */
int throttle_begin(struct throttle *throttle, const char *client, const char *user);

/*
 * It was wrong.  The same password again (null when it is not known) counts once. Returns
 * how many milliseconds must pass before the client hears of it, and in *failures how
 * often it failed lately.
 */
unsigned throttle_fail(
    struct throttle *throttle, const char *password, unsigned *failures);

/* It was right: the client's failures as this user are forgotten. */
void throttle_succeed(struct throttle *throttle);

void throttle_end(struct throttle *throttle);

#endif
