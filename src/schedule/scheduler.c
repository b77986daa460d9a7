#include <time.h>

#include "lib/deadline.h"
#include "lib/pattern_line.h"
#include "lib/routes.h"
#include "lib/text.h"
#include "schedule/scheduler.h"

static int64_t
milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
scheduler_tick(struct scheduler *s)
{
	int64_t wall = milliseconds(CLOCK_REALTIME), by;

	s->now = wall / 1000;
	s->now_ms = deadline_now();
	/* this one goes on while the machine sleeps */
	by = wallclock_look(&s->clock, wall, milliseconds(CLOCK_BOOTTIME));
	if (by != 0)
		buckets_shift(&s->buckets, by);
}

void
scheduler_wake(struct scheduler *s, struct message *m, int64_t pause)
{
	m->wake = s->now_ms + pause;
	if (s->wake == 0 || m->wake < s->wake)
		s->wake = m->wake;
}

const char *
scheduler_way(struct scheduler *s, const struct message *m, enum route_channel channel)
{
	const char *sender = m->file.envelope.sender, *from = NULL;
	const stralloc *routes = &s->settings.sender_routes, *bind = &s->settings.bind;
	struct routes_line found = {0};

	if (channel == ROUTE_LOCAL)
		return "";
	if (routes->len > 0)
		routes_by_sender(routes->s, routes->len, sender, &found);
	if (bind->len > 0)
		from =
		    pattern_line_sender(bind->s, bind->len, pattern_line_blank, sender);
	if (found.hops == NULL && from == NULL)
		return "";
	s->way.len = 0;
	text_cat(&s->way, found.hops != NULL ? found.hops : "",
	    from != NULL ? " from " : "", from != NULL ? from : "", (char *)NULL);
	text_terminate(&s->way);
	return s->way.s;
}

/*
 * A gap between two attempts that is longer than the schedule lets it be is the machine's
 * fault, or its clock's.  What was begun in the future was begun by a clock that was
 * wrong: then the schedule tells how long as many attempts take.
 */
int64_t
scheduler_age(const struct scheduler *s, const struct message *m)
{
	int64_t age;

	if (m->file.first_try == 0)
		return 0;
	age = wallclock_age(&s->clock, m->file.first_try, s->now);
	if (age >= 0)
		return age - age_excess(&m->file.age, &s->clock, m->file.first_try,
				 s->now, settings_longest(&s->settings) + AGE_GAP);
	age = 0;
	for (unsigned i = 1; i < m->file.tries; ++i)
		age += settings_interval(&s->settings, i);
	return age;
}
