#ifndef QUEUE_QUEUE_LINE_H
#define QUEUE_QUEUE_LINE_H

#include <stddef.h>

/*
 * Where jobs wait: one line for each submitting user at each destination.  The next one
 * is taken by turns from the destination, and from the user, whose turn it is: who has
 * only a few messages is soon served, be it that all others are for one destination or
 * that all others are of one user.
 */
enum queue_side { QUEUE_BY_DESTINATION, QUEUE_BY_USER, QUEUE_SIDES };

struct queue_job;

/* What a destination and a user have in common: lines. */
struct queue_party {
	struct queue_party *next, *prev; /* in the ring of those with lines */
	struct queue_line *turn;         /* in the ring of its lines; null: it has none */
};

struct queue_line {
	struct queue_line *chain; /* with the same hash */
	struct queue_party *party[QUEUE_SIDES];
	struct queue_line *next[QUEUE_SIDES], *prev[QUEUE_SIDES]; /* of the party's */
	struct queue_job *first, *last;
	size_t count;
};

#define QUEUE_LINE_SLOTS 1024

/* All lines of a channel.  Zeroed to begin with. */
struct queue_lines {
	struct queue_line *slots[QUEUE_LINE_SLOTS];
	struct queue_party *ring[QUEUE_SIDES]; /* at the one whose turn it is */
	enum queue_side side;                  /* who was asked last */
};

/* The line of both, or null. */
struct queue_line *queue_line_find(const struct queue_lines *l,
    const struct queue_party *destination, const struct queue_party *user);

/* Put job at the end of its line, or at the front.  They die for lack of memory. */
void queue_line_put(struct queue_lines *l, struct queue_party *destination,
    struct queue_party *user, struct queue_job *job);
void queue_line_return(struct queue_lines *l, struct queue_party *destination,
    struct queue_party *user, struct queue_job *job);

/* Take the first job of the line, which goes when it is empty. */
struct queue_job *queue_line_shift(struct queue_lines *l, struct queue_line *line);

/*
 * Take all but the first kept jobs out of the line; they are returned as a list, the last
 * one first.  When none is kept the line goes.
 */
struct queue_job *queue_line_cut(
    struct queue_lines *l, struct queue_line *line, size_t kept);

/* May something go to the destination now? */
typedef int queue_line_may(void *context, struct queue_party *destination);

/* Take the job whose turn it is; null when none may go. */
struct queue_job *queue_line_next(
    struct queue_lines *l, queue_line_may *may, void *context);

#endif
