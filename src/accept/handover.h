#ifndef ACCEPT_HANDOVER_H
#define ACCEPT_HANDOVER_H

/* Messages given to the scheduler. */

#include "accept/service.h"

/* Hand over what waits, oldest first, as long as the scheduler takes it. */
void handover_go_on(struct service *s);

/* One that the scheduler has is wanted as a file. */
void handover_want(struct service *s, const struct unsettled *u);

#endif
