#ifndef AUTH_CRYPT_PLACE_H
#define AUTH_CRYPT_PLACE_H

/* The few places for computing hashes, which all processes of this system share. */

#include <stdint.h>

#define CRYPT_PLACE_SECONDS 10         /* to wait for one */
#define CRYPT_PLACE_MEMORY (256 << 20) /* bytes that a hash may take */

/* How many there are: twice the processors. */
unsigned crypt_place_count(void);

/*
 * Take one, waiting up to due, in the milliseconds of deadline_now.  Returns a
 * descriptor, whose close gives it back, as any death does; or -1 with errno, ETIMEDOUT
 * when none has become free.
 */
int crypt_place_take(int64_t due);

#endif
