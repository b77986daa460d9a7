#ifndef SCHEDULE_SENDER_H
#define SCHEDULE_SENDER_H

#include "schedule/scheduler.h"

/* What the sender of a message is told, and what not. */

/* RFC 3461, 4.1: a failure of which the sender does not want to hear counts as reported.
 */
void sender_spare(struct scheduler *s, struct message *m);

/*
 * Is a report to be made now?  Then m->delays says of what: first of what has ended, then
 * of a delay.  None is when the last one failed (m->unreported).
 */
int sender_is_owed(struct scheduler *s, struct message *m);

/*
 * Before a new attempt: is a report owed since an earlier one?  It is to come first, so
 * that it is about the same recipients, and has the same ID, as the one that a crash may
 * have left in the queue.
 */
int sender_is_owed_first(struct message *m);

/* The report is in the queue under its ID: logged, and remembered for the journal. */
void sender_told(struct scheduler *s, struct message *m, const char *report_id);

/* Seconds until a delay is to be reported; INT64_MAX when none is. */
int64_t sender_until_warning(const struct scheduler *s, const struct message *m);

/*
 * The report could not be made.  The first hour is that of a full disk or a restart; from
 * then on each failure is an alert in the log.
 */
void sender_not_told(const struct scheduler *s, const struct message *m);

/* Seconds since the last attempt, of whose outcome the sender is to be told. */
int64_t sender_seconds_untold(const struct scheduler *s, const struct message *m);

#endif
