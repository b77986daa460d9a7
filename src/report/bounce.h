#ifndef REPORT_BOUNCE_H
#define REPORT_BOUNCE_H

/* A report to a sender: what it is made of. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "queue/file.h"
#include "queue/history.h"
#include "report/original.h"

struct bounce {
	struct file file;
	struct history_last *last; /* of each recipient */
	struct original original;
	stralloc double_bounce_to; /* a C string */
	int64_t lifetime;          /* seconds for which a message is tried */
	stralloc me;               /* our host name, a C string */
	const char *original_id; /* of the message; null when its file has another name */
	int delays;              /* it is about those still being tried: owed */
	int utf8;                /* whom it goes to reads UTF-8 in header fields */
};

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
