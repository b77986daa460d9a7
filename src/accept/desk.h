#ifndef ACCEPT_DESK_H
#define ACCEPT_DESK_H

/* What is done for those who say something: queue-socket(5). */

#include <stddef.h>

#include "accept/service.h"

/* Take what has come from a guest; who says nonsense has left after that. */
void desk_take(struct service *s, struct guest *g, const char *bytes, size_t len);

/* Those who waited, and wait no longer, go on. */
void desk_go_on(struct service *s);

#endif
