#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/clients_parked.h"

int
clients_parked_init(struct clients_parked *p, size_t most)
{
	p->count = 0;
	p->most = most;
	p->fds = calloc(most, sizeof(*p->fds));
	p->uids = calloc(most, sizeof(*p->uids));
	return p->fds != NULL && p->uids != NULL ? 0 : -1;
}

void
clients_parked_free(struct clients_parked *p)
{
	while (p->count > 0)
		close(clients_parked_take(p, p->count - 1));
	free(p->fds);
	free(p->uids);
}

uid_t
clients_parked_user(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 ? peer.uid
									 : (uid_t)-1;
}

static size_t
count_of(const struct clients_parked *p, uid_t uid)
{
	size_t i, n = 0;

	for (i = 0; i < p->count; i++)
		n += p->uids[i] == uid;
	return n;
}

/* The last of the user who has most. */
static size_t
find_last(const struct clients_parked *p)
{
	size_t i, n, last = 0, most = 0;

	for (i = 0; i < p->count; i++) {
		n = count_of(p, p->uids[i]);
		if (n >= most) {
			most = n;
			last = i;
		}
	}
	return last;
}

void
clients_parked_put(struct clients_parked *p, int fd, uid_t uid)
{
	size_t last;

	if (p->count == p->most) {
		last = find_last(p);
		if (count_of(p, p->uids[last]) <= count_of(p, uid) + 1) {
			close(fd);
			return;
		}
		close(clients_parked_take(p, last));
	}
	p->fds[p->count] = fd;
	p->uids[p->count++] = uid;
}

int
clients_parked_take(struct clients_parked *p, size_t i)
{
	int fd = p->fds[i];

	p->count--;
	memmove(p->fds + i, p->fds + i + 1, (p->count - i) * sizeof(*p->fds));
	memmove(p->uids + i, p->uids + i + 1, (p->count - i) * sizeof(*p->uids));
	return fd;
}

void
clients_parked_poll(const struct clients_parked *p, struct pollfd *polled)
{
	for (size_t i = 0; i < p->count; i++)
		polled[i] = (struct pollfd){.fd = p->fds[i], .events = 0};
}

void
clients_parked_look(struct clients_parked *p, const struct pollfd *polled)
{
	for (size_t i = p->count; i-- > 0;)
		if (polled[i].revents != 0)
			close(clients_parked_take(p, i));
}
