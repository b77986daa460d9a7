#ifndef SCHEDULE_ORDERS_H
#define SCHEDULE_ORDERS_H

#include "schedule/scheduler.h"

/* What the admin tells the scheduler while it runs. */

/*
 * Read control/ again, where the settings stay as they are if something is wrong; what is
 * paused now leaves its lines, what is not any more is looked for.
 */
void orders_reread(struct scheduler *s);

/* The admin can't wait: everything that waits for its time is due. */
void orders_hurry(struct scheduler *s);

#endif
