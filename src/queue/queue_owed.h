#ifndef QUEUE_QUEUE_OWED_H
#define QUEUE_QUEUE_OWED_H

#include <stddef.h>

#include "queue/queue_file.h"

/* The sender of what must not bounce again: qmail-send(8). */
#define QUEUE_DOUBLE_BOUNCE "#@[]"

/*
 * What the sender is to be told about recipient i, and has not been yet: an Action of RFC
 * 3464.  Of what has ended: "failed", "delivered", "relayed" or "expanded"; or, with
 * delays, of what is being tried: "delayed".  Null for nothing, as when NOTIFY says so.
 * The null sender hears of failures only, and QUEUE_DOUBLE_BOUNCE of nothing.
 */
const char *queue_owed(const struct queue_file *f, size_t i, int delays);

/* The first recipient from i on of whom something is owed; envelope.count when none. */
size_t queue_owed_next(const struct queue_file *f, size_t i, int delays);

/* Is anything owed? */
int queue_owed_any(const struct queue_file *f, int delays);

#endif
