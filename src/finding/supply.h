#ifndef FINDING_SUPPLY_H
#define FINDING_SUPPLY_H

/* The connection to the queue's service, which hands over what it has accepted. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "finding/settled.h"
#include "finding/supply_order.h"

#define SUPPLY_FDS_MAX 4

/*
 * The scheduler's side of queue-socket(5).  What we say goes out when supply_flush is
 * called.  The service keeps it in memory for a moment: what was settled of late is said
 * again when the connection has been lost.  Zeroed to begin with, but fd -1.
 */
struct supply {
	int fd;                  /* -1: there is none */
	int is_ready;            /* there may be something to read */
	int is_told;             /* that there is none */
	unsigned failures;       /* to connect, in a row */
	int64_t retry;           /* deadline_now(): no connection is tried before */
	int64_t lost;            /* the same, when the last one was */
	int fds[SUPPLY_FDS_MAX]; /* that came before the end of their words */
	size_t fd_count;
	stralloc in, out;
	size_t taken; /* bytes of in */
	struct settled settled;
};

/*
 * Connect, if it is time, and ask for as many messages as may be handed over and not
 * settled at a time.  Returns 1 when there is a new connection.
 */
int supply_connect(struct supply *s, size_t window, int64_t now_ms);

/* The next thing that the service says.  Returns 1, or 0 when there is none now. */
int supply_next(struct supply *s, struct supply_order *o, int64_t now_ms);

/* Settled: it has been delivered, or is gone as a file.  Without effect for unknown ones.
 */
void supply_settle(struct supply *s, const char *id, int64_t now_ms);

/* Has it been settled here?  Then it is said again. */
int supply_has_settled(struct supply *s, const char *id);

/* It has a durable file in queue/journal: SUPPLY_FILED answers. */
void supply_file(struct supply *s, const char *id);

/*
 * Lines for the journal of the message, whole ones.  Returns 1; 0 when there is no
 * connection.
 */
int supply_keep(struct supply *s, const char *id, const char *lines, size_t len);

/* Send what can be sent now. */
void supply_flush(struct supply *s, int64_t now_ms);

/* Give the connection up after trouble, to get all that is not settled once more. */
void supply_lose(struct supply *s, int64_t now_ms);

/* What poll(2) is to look for, when reading is wanted or not. */
short supply_events(const struct supply *s, int reads);

/* deadline_now() of the next try to connect; INT64_MAX while there is a connection. */
int64_t supply_until(const struct supply *s);

#endif
