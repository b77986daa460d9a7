#ifndef ACCEPT_DOOR_H
#define ACCEPT_DOOR_H

/* Who may come in at queue.sock, and how many. */

#include "accept/service.h"

/* The users named in QUEUE_CLIENTS.  Returns 0, or -1 when that is no list of numbers. */
int door_read_clients(struct service *s, const char *list);

/*
 * Take the clients that wait at the listening socket, which does not block.  Returns 0;
 * -1 with errno when no more can be taken for now.
 */
int door_open(struct service *s, int listening);

/* Those who were silent for long in the middle of something have to leave. */
void door_look(struct service *s);

#endif
