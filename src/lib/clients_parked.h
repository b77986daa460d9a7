#ifndef LIB_CLIENTS_PARKED_H
#define LIB_CLIENTS_PARKED_H

/*
 * Clients of a server that wait at its door, since their user has as many inside as one
 * may have.  They were let in so far, lest those of other users wait behind them.
 */

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

struct clients_parked {
	int *fds;
	uid_t *uids;
	size_t count, most;
};

/* Room for as many.  Returns 0, or -1 with errno. */
int clients_parked_init(struct clients_parked *p, size_t most);
void clients_parked_free(struct clients_parked *p);

/* Whose connection is it?  (uid_t)-1 when that is not known. */
uid_t clients_parked_user(int fd);

/*
 * One more, the last.  When there is no place here either he is left, or the last of who
 * has more.
 */
void clients_parked_put(struct clients_parked *p, int fd, uid_t uid);

/* The i-th goes on, or is left; those behind it come forward.  Returns its descriptor. */
int clients_parked_take(struct clients_parked *p, size_t i);

/* Whether they are there still is to be looked for at polled; then whoever is not leaves.
 */
void clients_parked_poll(const struct clients_parked *p, struct pollfd *polled);
void clients_parked_look(struct clients_parked *p, const struct pollfd *polled);

#endif
