#ifndef LIB_SINK_TIME_H
#define LIB_SINK_TIME_H

/*
 * How long the one who gives us a message waits for our answer, and what of it we leave
 * to the next sink: sink(5).  The time within is always the shorter one, so that nobody
 * takes a message of which it has been said that it is not taken now.
 */

#include <stdint.h>

#define SINK_TIME_SECONDS 300 /* that a caller waits, unless it says how long */
#define SINK_TIME_MARGIN 5    /* of these, kept for the answer */

/*
 * Until when we have to answer, in the milliseconds of deadline_now, if the caller may
 * have begun to wait at since.
 */
int64_t sink_time_until(int64_t since);

/* Seconds until then; 0 when it is too late for anything. */
unsigned sink_time_left(int64_t until);

/*
 * Tell the next sink, in the environment, that we wait for it until then; with 0, because
 * the end of the message is not there yet, so much less than the caller waits for us.
 * Returns 0, or -1 with errno.
 */
int sink_time_hand_on(int64_t until);

#endif
