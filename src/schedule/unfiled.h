#ifndef SCHEDULE_UNFILED_H
#define SCHEDULE_UNFILED_H

#include "schedule/scheduler.h"

/*
 * Messages that are no files, for the queue's service has them in its journal.  One that
 * is not done at once becomes a file: written to queue/journal by a child (spill.h), then
 * settled by the service, then moved to queue/new.
 */

/* How many the service may hand over. */
size_t unfiled_window(const struct scheduler *s);

/* m is being attempted: when that takes long it becomes a file meanwhile. */
void unfiled_watch(struct scheduler *s, struct message *m);

/* Make a file of m, or go on with that. */
void unfiled_file(struct scheduler *s, struct message *m);

/* m is to become a file now, whatever is under way. */
void unfiled_hurry(struct scheduler *s, struct message *m);

/*
 * It has been written, or has not; it has been settled; it is under way for long.  They
 * return the state that follows.
 */
enum message_state unfiled_written(
    struct scheduler *s, struct message *m, const struct event *e);
enum message_state unfiled_end(
    struct scheduler *s, struct message *m, const struct event *e);
enum message_state unfiled_slow(
    struct scheduler *s, struct message *m, const struct event *e);

#endif
