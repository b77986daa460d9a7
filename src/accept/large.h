#ifndef ACCEPT_LARGE_H
#define ACCEPT_LARGE_H

/*
 * Messages that are too large for the journal, or for what room it has: a child takes
 * each, as a file.
 */

#include "accept/service.h"

/*
 * Let a child have the guest's connection, whose message, which has an ID, it takes from
 * here on; one that is known it only hears to its end.  When there are many of them
 * already, or none can be made, the guest goes on waiting.
 */
void large_begin(struct service *s, struct guest *g, int is_known);

/* Is a child making a file of the message? */
int large_takes(const struct service *s, const char *id);

/* The child pid has ended with this status.  Returns 0 when it was none of these. */
int large_ended(struct service *s, pid_t pid, int status);

#endif
