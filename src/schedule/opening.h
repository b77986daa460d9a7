#ifndef SCHEDULE_OPENING_H
#define SCHEDULE_OPENING_H

#include "schedule/scheduler.h"

/* What a message has to pass before an attempt of it is made. */

/* Is the message known already?  Then it stands in the bucket now. */
int opening_is_known(struct scheduler *s, int64_t bucket, const char *id);

/*
 * Has m, a file, to wait for the admin, or, when it was not taken out of the backlog, for
 * room?  Returns 1 when it does so now, 0, or -1 with errno after a warning.
 */
int opening_waits(struct scheduler *s, struct message *m, int is_taken);

/* It has not: what is next. */
enum message_state opening_begin(struct message *m);

/*
 * The same as both for a message that is active already, for it is no file, or was none
 * when it came: it becomes one before it waits, and before it is reported on.
 */
enum message_state opening_admit(struct scheduler *s, struct message *m);

#endif
