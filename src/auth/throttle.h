#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#define THROTTLE_FREE 3    /* failures that cost no more than one by itself does */
#define THROTTLE_MAX 20000 /* milliseconds */
#define THROTTLE_DECAY 600 /* seconds in which half of the failures are forgotten */

/*
 * How many clients failed to authenticate lately, in state/auth/failures: a table of
 * fixed size that any number of processes use at once.  Clients are IPv4 addresses and
 * IPv6 networks of 64 bits; one that is no address has no failures.
 */

/*
 * How many milliseconds pass before client hears an answer.  0 when that can't be known,
 * which has been said.
 */
unsigned throttle_delay(const char *client);

/* It has failed once more.  Returns how often lately. */
unsigned throttle_fail(const char *client);

#endif
