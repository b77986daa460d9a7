#ifndef DELIVER_FLIGHT_RECORD_H
#define DELIVER_FLIGHT_RECORD_H

#include <stddef.h>

#include "deliver/flight.h"

/*
 * Ask the queue's service about what may have been delivered before, and have it keep
 * records of what is going to be seen, in common.  Returns how many deposits got further
 * by that.
 */
size_t flight_record_turn(struct flight *f);

#endif
