#ifndef SCHEDULE_LOOKOUT_H
#define SCHEDULE_LOOKOUT_H

/* When messages are looked for of which nobody has told. */

#include <stdint.h>

#include "finding/new_scan.h"
#include "finding/trigger_read.h"
#include "schedule/scheduler.h"

/*
 * When messages are looked for: the trigger tells the new ones, but may be lost, or
 * missing; what could not be read is tried again; and in trouble of our own we rest.
 */
struct lookout {
	struct trigger_read trigger;
	struct new_scan scan;
	int64_t look;   /* deadline_now() of the next look at queue/new */
	int64_t looked; /* the same: of the last one */
	int64_t pause;  /* the same: no message is started before */
	int64_t retry;  /* the same: of a look at what could not be read, or 0 */
};

/* Look at all places again, as when we started. */
void lookout_rescan(struct lookout *l, struct scheduler *s);

/* The trigger has something to read. */
void lookout_hear(struct lookout *l);

/* Is it time for a look?  Then what is to be scanned is known afterwards. */
void lookout_look(struct lookout *l, struct scheduler *s);

/* A message or a folder could not be read, for error, an errno. */
void lookout_trouble(struct lookout *l, struct scheduler *s, int error);

/* deadline_now() of the next look. */
int64_t lookout_until(const struct lookout *l);

#endif
