#ifndef QUEUE_BOUNCE_H
#define QUEUE_BOUNCE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "queue/bounce_original.h"
#include "queue/queue_file.h"
#include "queue/queue_history.h"

/* What a report is made of. */
struct bounce {
	struct queue_file file;
	struct queue_last *last; /* of each recipient */
	struct bounce_original original;
	stralloc double_bounce_to; /* a C string */
	int64_t lifetime;          /* seconds for which a message is tried */
	stralloc me;               /* our host name, a C string */
	const char *original_id; /* of the message; null when its file has another name */
	int delays;              /* it is about those still being tried: queue_owed */
	int utf8;                /* whom it goes to reads UTF-8 in header fields */
};

/* May a report to the sender of e be one of RFC 6533?  Then its mail was of RFC 6531. */
int bounce_speaks_utf8(const struct envelope *e);

/* The first recipient from i on that the report is about; file.envelope.count at the end.
 */
size_t bounce_next(const struct bounce *b, size_t i);

/* What the report says of recipient i, an Action of RFC 3464; null for nothing. */
const char *bounce_action(const struct bounce *b, size_t i);

/* Does it say this of anybody? */
int bounce_has(const struct bounce *b, const char *action);

/* Until when the message is tried, in seconds since 1970. */
int64_t bounce_tried_until(const struct bounce *b);

#endif
