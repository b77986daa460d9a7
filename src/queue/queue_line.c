#include "queue/queue_line.h"

#include <stdint.h>
#include <stdlib.h>

#include <errmsg.h>

#include "lib/verdict.h"
#include "queue/queue_job.h"

static struct queue_line **
slot(const struct queue_lines *l, const struct queue_party *destination,
    const struct queue_party *user)
{
	uintptr_t n = (uintptr_t)destination / 16 * 31 + (uintptr_t)user / 16;

	return (struct queue_line **)&l->slots[n % QUEUE_LINE_SLOTS];
}

struct queue_line *
queue_line_find(const struct queue_lines *l, const struct queue_party *destination,
    const struct queue_party *user)
{
	struct queue_line *line = *slot(l, destination, user);

	while (line && (line->party[QUEUE_BY_DESTINATION] != destination ||
			   line->party[QUEUE_BY_USER] != user))
		line = line->chain;
	return line;
}

/* Just before the one whose turn it is, that is, last. */
static void
enter_ring(struct queue_party **ring, struct queue_party *p)
{
	if (!*ring) {
		*ring = p->next = p->prev = p;
		return;
	}
	p->next = *ring;
	p->prev = (*ring)->prev;
	p->prev->next = p->next->prev = p;
}

static void
leave_ring(struct queue_party **ring, struct queue_party *p)
{
	if (*ring == p)
		*ring = p->next == p ? NULL : p->next;
	p->prev->next = p->next;
	p->next->prev = p->prev;
}

static void
add_line(struct queue_lines *l, struct queue_line *line, enum queue_side side)
{
	struct queue_party *p = line->party[side];

	if (!p->turn) {
		p->turn = line->next[side] = line->prev[side] = line;
		enter_ring(&l->ring[side], p);
		return;
	}
	line->next[side] = p->turn;
	line->prev[side] = p->turn->prev[side];
	line->prev[side]->next[side] = line->next[side]->prev[side] = line;
}

static void
remove_line(struct queue_lines *l, struct queue_line *line, enum queue_side side)
{
	struct queue_party *p = line->party[side];

	if (p->turn == line)
		p->turn = line->next[side] == line ? NULL : line->next[side];
	line->prev[side]->next[side] = line->next[side];
	line->next[side]->prev[side] = line->prev[side];
	if (!p->turn)
		leave_ring(&l->ring[side], p);
}

static struct queue_line *
get(struct queue_lines *l, struct queue_party *destination, struct queue_party *user)
{
	struct queue_line **p, *line = queue_line_find(l, destination, user);

	if (line)
		return line;
	line = calloc(1, sizeof *line);
	if (!line)
		die(DEFER, "out of memory");
	line->party[QUEUE_BY_DESTINATION] = destination;
	line->party[QUEUE_BY_USER] = user;
	p = slot(l, destination, user);
	line->chain = *p;
	*p = line;
	add_line(l, line, QUEUE_BY_DESTINATION);
	add_line(l, line, QUEUE_BY_USER);
	return line;
}

void
queue_line_put(struct queue_lines *l, struct queue_party *destination,
    struct queue_party *user, struct queue_job *job)
{
	struct queue_line *line = get(l, destination, user);

	job->next = NULL;
	if (line->first)
		line->last->next = job;
	else
		line->first = job;
	line->last = job;
	++line->count;
}

void
queue_line_return(struct queue_lines *l, struct queue_party *destination,
    struct queue_party *user, struct queue_job *job)
{
	struct queue_line *line = get(l, destination, user);

	job->next = line->first;
	if (!line->first)
		line->last = job;
	line->first = job;
	++line->count;
}

static void
discard(struct queue_lines *l, struct queue_line *line)
{
	struct queue_line **p =
	    slot(l, line->party[QUEUE_BY_DESTINATION], line->party[QUEUE_BY_USER]);

	while (*p != line)
		p = &(*p)->chain;
	*p = line->chain;
	remove_line(l, line, QUEUE_BY_DESTINATION);
	remove_line(l, line, QUEUE_BY_USER);
	free(line);
}

struct queue_job *
queue_line_shift(struct queue_lines *l, struct queue_line *line)
{
	struct queue_job *job = line->first;

	line->first = job->next;
	if (--line->count == 0)
		discard(l, line);
	return job;
}

struct queue_job *
queue_line_cut(struct queue_lines *l, struct queue_line *line, size_t kept)
{
	struct queue_job *rest = line->first, *cut = NULL, *next;

	if (kept >= line->count)
		return NULL;
	line->count = kept;
	if (kept > 0) {
		while (--kept > 0)
			rest = rest->next;
		line->last = rest;
		rest = rest->next;
		line->last->next = NULL;
	}
	for (; rest; rest = next) {
		next = rest->next;
		rest->next = cut;
		cut = rest;
	}
	if (line->count == 0)
		discard(l, line);
	return cut;
}

/* The party's line whose turn it is of those that may go. */
static struct queue_line *
find_ready(
    struct queue_party *p, enum queue_side side, queue_line_may *may, void *context)
{
	struct queue_line *line = p->turn;

	if (side == QUEUE_BY_DESTINATION)
		return may(context, p) ? line : NULL;
	do {
		if (may(context, line->party[QUEUE_BY_DESTINATION]))
			return line;
		line = line->next[side];
	} while (line != p->turn);
	return NULL;
}

static struct queue_line *
find(struct queue_lines *l, enum queue_side side, queue_line_may *may, void *context)
{
	struct queue_party *begin = l->ring[side], *p = begin;
	struct queue_line *line;

	if (!p)
		return NULL;
	do {
		line = find_ready(p, side, may, context);
		if (line)
			return line;
		p = p->next;
	} while (p != begin);
	return NULL;
}

/* Who has just been served has to wait, on whichever side he is asked for next. */
static void
pass_turn(struct queue_lines *l, struct queue_line *line, enum queue_side side)
{
	struct queue_party *p = line->party[side];

	if (p->turn == line)
		p->turn = line->next[side];
	if (l->ring[side] == p)
		l->ring[side] = p->next;
}

struct queue_job *
queue_line_next(struct queue_lines *l, queue_line_may *may, void *context)
{
	struct queue_line *line;
	struct queue_party *p;

	/* there are fewer destinations than lines: when none may go that is seen soon */
	line = find(l, QUEUE_BY_DESTINATION, may, context);
	if (!line)
		return NULL;
	l->side = l->side == QUEUE_BY_USER ? QUEUE_BY_DESTINATION : QUEUE_BY_USER;
	if (l->side == QUEUE_BY_USER)
		line = find(l, QUEUE_BY_USER, may, context);
	/* from where this one was found the next search begins */
	p = line->party[l->side];
	p->turn = line;
	l->ring[l->side] = p;
	pass_turn(l, line, QUEUE_BY_DESTINATION);
	pass_turn(l, line, QUEUE_BY_USER);
	return queue_line_shift(l, line);
}
