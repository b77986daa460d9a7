#include <unistd.h>

#include <errmsg.h>

#include "accept/large.h"
#include "accept/large_take.h"
#include "accept/offspring.h"

#define CHILDREN_MAX 400 /* each may wait for a slow client of SMTP */
#define PAUSE 1000       /* milliseconds after none could be made */

void
large_begin(struct service *s, struct guest *g)
{
	pid_t pid;

	if (s->guests.children >= CHILDREN_MAX || s->now < s->large_at)
		return;
	pid = offspring_fork(&g->fd, 1, 0);
	if (pid == 0)
		_exit(large_take(g->fd, &g->exchange, &g->rest, g->whole));
	if (pid == -1) {
		carpsys("unable to fork for a large message");
		s->large_at = s->now + PAUSE;
		return;
	}
	g->queued = g->whole = 0;
	stralloc_free(&g->rest);
	exchange_clear(&g->exchange);
	guest_lend(&s->guests, g, pid);
}

int
large_ended(struct service *s, pid_t pid, int status)
{
	struct guest *g = s->guests.first;

	while (g != NULL && g->child != pid)
		g = g->later;
	if (g == NULL)
		return 0;
	guest_heard(&s->guests, g, s->now);
	if (guest_regain(&s->guests, g) == -1 || status != 0)
		guest_leave(&s->guests, g);
	return 1;
}
