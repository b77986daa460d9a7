#ifndef ORIGIN_GIVER_H
#define ORIGIN_GIVER_H

/* Who gives us one message over a socket: queue-socket(5), the side of a filter. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/exchange.h"

#define GIVER_BLOCK 65536
#define GIVER_SECONDS 900 /* in which something must come: its own client may be slow */

/* Zeroed to begin with, once: its memory is for many connections. */
struct giver {
	int fd;
	int64_t since;            /* when he may have begun to wait for the answer */
	struct exchange exchange; /* exchange.id is the message's ID, or empty */
	int is_told;
	int is_given; /* the piece of the message that the exchange holds */
	int is_over;  /* all has come */
	size_t start, end;
	char block[GIVER_BLOCK];
};

/*
 * Somebody has connected: take what he says before the message, into our environment
 * (lib/sink_told).  Returns 1; 0 when he has left without having said anything; -1 with
 * errno, EPROTO for nonsense.
 */
int giver_begin(struct giver *giver, int fd);

/*
 * The next piece of the message, good until the next call.  Returns its length, 0 at the
 * end of the message; -1 with errno, EPIPE when he has left before.
 */
ssize_t giver_read(struct giver *giver, const char **s);

/* The envelope, good until the next giver_begin; after the message.  Null with errno. */
const stralloc *giver_envelope(struct giver *giver);

/* Does he still wait for the answer?  Who has left will bring the message again. */
int giver_waits(const struct giver *giver);

/* Answer: with ACCEPT text is the message's ID.  Nothing more may be said to him. */
void giver_answer(const struct giver *giver, int verdict, const char *text);

/* It is over: give back what a large message has taken. */
void giver_end(struct giver *giver);

#endif
