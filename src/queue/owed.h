#ifndef QUEUE_OWED_H
#define QUEUE_OWED_H

/* What a sender is still to be told. */

#include <stddef.h>

#include "lib/envelope.h"
#include "queue/file.h"

/*
 * What the sender is to be told about recipient i, and has not been yet: an Action of RFC
 * 3464.  Of what has ended: "failed", "delivered", "relayed" or "expanded"; or, with
 * delays, of what is being tried: "delayed".  Null for nothing, as when NOTIFY says so.
 * The null sender hears of failures only, and ENVELOPE_DOUBLE_BOUNCE of nothing.
 */
const char *owed(const struct file *f, size_t i, int delays);

/* The first recipient from i on of whom something is owed; envelope.count when none. */
size_t owed_next(const struct file *f, size_t i, int delays);

/* Is anything owed? */
int owed_any(const struct file *f, int delays);

/* May a report to the sender of e be one of RFC 6533?  Then its mail was of RFC 6531. */
int owed_speaks_utf8(const struct envelope *e);

#endif
