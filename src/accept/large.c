#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/filing.h"
#include "accept/large.h"
#include "accept/large_room.h"
#include "accept/large_take.h"
#include "accept/offspring.h"

#define CHILDREN_OF_ONE 300 /* user, lest one takes all */
#define PAUSE 1000          /* milliseconds after none could be made */

void
large_begin(struct service *s, struct guest *g, int is_known)
{
	enum large_take_how how = is_known   ? LARGE_TAKE_KNOWN
				  : g->whole ? LARGE_TAKE_WHOLE
					     : LARGE_TAKE_ON;
	pid_t pid;

	if (s->guests.children_of[g->user] >= CHILDREN_OF_ONE || s->now < s->large_at)
		return;
	g->place = large_room_take(g->user);
	if (g->place == LARGE_ROOM_PLACES)
		return;
	/* it ends with us: nobody else would know of it */
	pid = offspring_fork(&g->fd, 1, 1);
	if (pid == 0)
		_exit(large_take(g->fd, &g->exchange, &g->rest, how, g->place));
	if (pid == -1) {
		large_room_leave(g->place);
		carpsys("unable to fork for a large message");
		s->large_at = s->now + PAUSE;
		return;
	}
	strcpy(g->large, is_known ? "" : g->exchange.id);
	g->queued = g->whole = 0;
	stralloc_free(&g->rest);
	exchange_clear(&g->exchange);
	guest_lend(&s->guests, g, pid);
}

int
large_takes(const struct service *s, const char *id)
{
	const struct guest *g = s->guests.children > 0 ? s->guests.first : NULL;

	while (g != NULL && (g->child == 0 || strcmp(g->large, id) != 0))
		g = g->later;
	return g != NULL;
}

int
large_ended(struct service *s, pid_t pid, int status)
{
	struct guest *g = s->guests.first;

	while (g != NULL && g->child != pid)
		g = g->later;
	if (g == NULL)
		return 0;
	large_room_leave(g->place);
	if (WIFEXITED(status) && (WEXITSTATUS(status) & LARGE_TAKE_KEPT) &&
	    g->large[0] != '\0')
		filing_take(s, g->large);
	g->large[0] = '\0';
	guest_heard(&s->guests, g, s->now);
	if (guest_regain(&s->guests, g) == -1 || !WIFEXITED(status) ||
	    (WEXITSTATUS(status) & LARGE_TAKE_OVER))
		guest_leave(&s->guests, g);
	return 1;
}
