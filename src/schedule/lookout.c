#include <errno.h>

#include <errmsg.h>

#include "schedule/lookout.h"

#define LOOK_SOON 10000         /* milliseconds after work that queue/new is looked at */
#define LOOK_IDLE 300000        /* between looks when there is nothing to do */
#define LOOK_DEAF 1000          /* between scans without a trigger */
#define PAUSE_TROUBLE 10000     /* without new messages */
#define PAUSE_UNREADABLE 300000 /* before what can't be read is tried again */

void
lookout_rescan(struct lookout *l, struct scheduler *s)
{
	l->scan.wanted = s->paused_wanted = 1;
	l->pause = l->retry = 0;
	if (buckets_scan(&s->buckets) == -1) {
		carpsys("unable to read queue/later");
		l->pause = s->now_ms + PAUSE_TROUBLE;
	}
}

void
lookout_hear(struct lookout *l)
{
	if (trigger_read_hear(&l->trigger))
		l->scan.wanted = 1;
}

/*
 * A look costs one call, and finds what an injector could not tell us.  While there is
 * work nearly each finds a change, so those are rare.
 */
static void
look_at_new(struct lookout *l, const struct scheduler *s)
{
	int is_deaf = l->trigger.fd == -1; /* as on a file system that has no FIFOs */

	if (!is_deaf && s->active.all.count > 0) {
		l->look = s->now_ms + LOOK_SOON;
		if (l->look > l->looked + LOOK_IDLE)
			l->look = l->looked + LOOK_IDLE;
	}
	if (s->now_ms < l->look)
		return;
	l->looked = s->now_ms;
	l->look = s->now_ms + (is_deaf ? LOOK_DEAF : LOOK_IDLE);
	l->scan.wanted |= is_deaf || new_scan_is_stale(&l->scan);
}

void
lookout_look(struct lookout *l, struct scheduler *s)
{
	if (l->retry && s->now_ms >= l->retry)
		lookout_rescan(l, s);
	look_at_new(l, s);
	/* those that had no place in the backlog, when there are some again */
	if (s->backlog.lost && !l->scan.running && backlog_takes_due(&s->backlog)) {
		s->backlog.lost = 0;
		l->scan.again = !l->scan.wanted;
		lookout_rescan(l, s);
	}
}

/* Only then waiting helps; all else is wrong with one file or folder. */
static int
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOLCK;
}

/*
 * What is not started in a shortage is found by a scan.  What can't be read must not hold
 * up the others; the admin may mend it meanwhile.
 */
void
lookout_trouble(struct lookout *l, struct scheduler *s, int error)
{
	if (!is_shortage(error)) {
		l->retry = s->now_ms + PAUSE_UNREADABLE;
		return;
	}
	lookout_rescan(l, s);
	l->pause = s->now_ms + PAUSE_TROUBLE;
}

int64_t
lookout_until(const struct lookout *l)
{
	return l->retry && l->retry < l->look ? l->retry : l->look;
}
