#ifndef ACCEPT_ERRANDS_H
#define ACCEPT_ERRANDS_H

/* The requests that are no messages: of the scheduler, of local-deliver, of tools. */

#include "accept/service.h"

/*
 * Do what stands in g->exchange.text, which is cleared then.  Returns 0; -1 when it makes
 * no sense, or is not for this guest to ask.
 */
int errands_obey(struct service *s, struct guest *g);

/* End the connection of a guest; what it had, if it is the scheduler, waits again. */
void errands_leave(struct service *s, struct guest *g);

/*
 * When the journal has been full for some seconds, the messages of its oldest segment are
 * to become files, lest a few that wait for long keep all others out.
 */
void errands_make_room(struct service *s);

/* Tell those who wait until a message is no longer in the journal. */
void errands_tell(struct service *s);

#endif
