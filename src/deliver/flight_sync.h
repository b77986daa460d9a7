#ifndef DELIVER_FLIGHT_SYNC_H
#define DELIVER_FLIGHT_SYNC_H

#include <stddef.h>

#include "deliver/flight.h"

/*
 * Bring to the disk what has been written and named, the deposits of a while together.
 * Returns how many of them got further by that.
 */
size_t flight_sync_turn(struct flight *f);

#endif
