#include <string.h>

#include <unistd.h>

#include <errmsg.h>

#include "accept/desk.h"
#include "accept/errands.h"
#include "accept/judgement.h"
#include "accept/large.h"
#include "accept/newcomer.h"
#include "lib/text.h"

#define ANSWER_NO_ID "Zunable to make a message ID (#4.3.0)"
#define ANSWER_FULL "Zthe queue's journal is full (#4.3.1)"
#define ANSWER_CROWDED "Zthere are too many messages on their way (#4.3.1)"

#define CROWDED_MAX 60000 /* milliseconds for which somebody waits for room */
#define INNER_MAX 200     /* or what comes from within, before it becomes a file */

static void
answer(struct service *s, struct guest *g, const char *text)
{
	guest_tell(&s->guests, g, text);
	exchange_clear(&g->exchange);
}

/* What stands in the journal gets out of it by what is written to it: so messages do not
 * fill the last of it, and wait. */
static int
has_room(struct service *s, size_t len)
{
	if (!batch_takes(&s->batch, len)) {
		batch_shed(&s->batch);
		service_commit(s);
	}
	if (batch_takes(&s->batch, len)) {
		s->crowded_since = 0;
		return 1;
	}
	if (s->crowded_since == 0)
		s->crowded_since = s->now;
	return 0;
}

/*
 * Has the message been taken?  TAKEN_LATER: that will be known soon.  What is in the
 * journal, also in the batch in the making, is not asked for here.
 */
enum taken { TAKEN_NOT, TAKEN_LATER, TAKEN };

static enum taken
find_taken(struct service *s, const char *id)
{
	if (large_takes(s, id))
		return TAKEN_LATER;
	if (batch_knows(&s->batch, id))
		return TAKEN;
	switch (newcomer_find(id)) {
	case NEWCOMER_JOURNAL:
		/* who has put it there was killed before anybody heard of it */
		s->sweep = 1;
		return TAKEN_LATER;
	case NEWCOMER_NEW:
		/* by queue-inject, or long ago */
		if (newcomer_sync(id) == 1)
			batch_filed(&s->batch, id);
		return TAKEN;
	default:
		return TAKEN_NOT;
	}
}

/*
 * A message that has come, whole.  Returns 0 when there is no room for it yet: it stays
 * with the guest.
 */
static int
take_message(struct service *s, struct guest *g)
{
	struct exchange *e = &g->exchange;
	const char *wrong = judgement_of_envelope(&e->text);
	char known[1 + QUEUEID_LEN + 1] = "K";

	if (wrong == NULL && e->id[0] == '\0' && queueid_make(e->id) == -1)
		wrong = ANSWER_NO_ID;
	if (wrong != NULL) {
		answer(s, g, wrong);
		return 1;
	}
	/* one way only: the journal, or a file */
	if (unsettled_find(&s->batch.unsettled, e->id) == NULL) {
		enum taken taken = find_taken(s, e->id);

		if (taken == TAKEN) {
			strcpy(known + 1, e->id);
			answer(s, g, known);
			return 1;
		}
		if (taken == TAKEN_LATER || !has_room(s, e->message.len + e->text.len))
			return 0;
	}
	batch_message(&s->batch, g, e->id, &e->message, &e->text);
	exchange_clear(e);
	return 1;
}

/* It waits; what it says meanwhile is kept, and no more of that is read. */
static void
put_to_rest(struct service *s, struct guest *g, const char *bytes, size_t len)
{
	s->resting = 1;
	if (len > 0 && bytes != g->rest.s)
		text_catb(&g->rest, bytes, len);
	guest_watch(&s->guests, g);
}

/* Would it wait for room that only its being taken makes? */
static int
is_inner(const struct guest *g)
{
	return (g->uid == 0 || g->uid == geteuid()) &&
	       judgement_is_inner(&g->exchange.text);
}

static void
begin_stall(struct service *s, struct guest *g)
{
	g->stalled = 1;
	g->whole = is_inner(g);
	g->patience = s->now + (g->whole ? INNER_MAX : CROWDED_MAX);
	s->resting = 1;
}

static void
throw_out(struct service *s, struct guest *g, const char *why)
{
	carp("a client ", why, ", it is left");
	errands_leave(s, g);
}

/* What an event asks for.  Returns 0, or -1 when the guest has left. */
static int
attend(struct service *s, struct guest *g, enum exchange_event event)
{
	switch (event) {
	case EXCHANGE_MESSAGE:
		if (!take_message(s, g))
			begin_stall(s, g);
		return 0;
	case EXCHANGE_REQUEST:
		if (errands_obey(s, g) == 0)
			return 0;
		throw_out(s, g, "asks for what it may not, or nobody knows");
		return -1;
	case EXCHANGE_LARGE:
		g->queued = 1;
		s->resting = 1;
		return 0;
	case EXCHANGE_BAD:
		throw_out(s, g, "breaks the protocol");
		return -1;
	default:
		return 0;
	}
}

void
desk_take(struct service *s, struct guest *g, const char *bytes, size_t len)
{
	enum exchange_event event;
	size_t n;

	while (len > 0 && !guest_waits(g)) {
		n = exchange_take(&g->exchange, bytes, len, &event);
		bytes += n;
		len -= n;
		if (attend(s, g, event) == -1)
			return;
	}
	if (len > 0)
		put_to_rest(s, g, bytes, len);
}

/* Its message finds room now, or it has waited for long enough. */
static void
try_again(struct service *s, struct guest *g)
{
	g->stalled = 0;
	if (take_message(s, g)) {
		g->whole = 0;
		return;
	}
	/* who comes when others have waited in vain need not do that, too */
	if (s->now < g->patience &&
	    (s->crowded_since == 0 || s->now - s->crowded_since < CROWDED_MAX))
		g->stalled = 1;
	else if (g->whole)
		g->queued = 1;
	else
		answer(s, g, batch_is_crowded(&s->batch) ? ANSWER_CROWDED : ANSWER_FULL);
}

/*
 * It waits for a child, as all do that are too large, and those for whom there was no
 * room: but one ID is not taken by two ways, nor twice by this one.
 */
static void
begin_large(struct service *s, struct guest *g)
{
	struct exchange *e = &g->exchange;
	const struct unsettled *u;
	enum taken taken = TAKEN_NOT;

	if (g->whole && take_message(s, g)) {
		g->queued = g->whole = 0;
		return;
	}
	if (e->id[0] == '\0' && queueid_make(e->id) == -1) {
		guest_tell(&s->guests, g, ANSWER_NO_ID);
		errands_leave(s, g);
		return;
	}
	u = unsettled_find(&s->batch.unsettled, e->id);
	if (u == NULL)
		taken = find_taken(s, e->id);
	else /* its answer is for what is on the disk */
		taken = u->slot != NULL ? TAKEN : TAKEN_LATER;
	if (taken != TAKEN_LATER)
		large_begin(s, g, taken == TAKEN);
}

/* Returns 0 when it rests still, 1 when not; it may have left then. */
static int
wake(struct service *s, struct guest *g)
{
	static stralloc rest; /* a cache */
	stralloc empty;

	if (g->stalled)
		try_again(s, g);
	if (g->queued)
		begin_large(s, g);
	if (g->fd == -1)
		return 1;
	if (guest_waits(g))
		return g->rest.len == 0 && !g->stalled && !g->queued;
	if (g->rest.len == 0)
		return 1;
	empty = rest;
	empty.len = 0;
	rest = g->rest;
	g->rest = empty;
	desk_take(s, g, rest.s, rest.len);
	if (g->fd != -1)
		guest_watch(&s->guests, g);
	return g->fd == -1 || (g->rest.len == 0 && !g->stalled && !g->queued);
}

void
desk_go_on(struct service *s)
{
	struct guest *g, *later;

	if (!s->resting)
		return;
	s->resting = 0;
	for (g = s->guests.first; g != NULL; g = later) {
		later = g->later;
		s->resting |= g->fd == -1;
		if (g->fd == -1)
			break;
		if ((g->rest.len > 0 || g->stalled || g->queued) && !wake(s, g))
			s->resting = 1;
	}
}
