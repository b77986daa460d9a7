#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "send/race.h"
#include "send/socket_address.h"

/* A race under way. */
struct field {
	struct race *race;
	size_t order[RACE_MAX]; /* indices of the addresses */
	size_t begun;           /* of order */
	int fd[RACE_MAX];       /* by their indices; -1: none */
	int64_t since[RACE_MAX];
	size_t running;
	int64_t next; /* deadline_now() at which the next one begins */
};

static int
is_ip4(const unsigned char ip[16])
{
	return IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip);
}

static int64_t *
until_of(struct race_memory *memory, const unsigned char ip[16])
{
	return is_ip4(ip) ? &memory->ip4_until : &memory->ip6_until;
}

/* A family that has lost lately comes last. */
static void
set_order(struct field *f, struct race_memory *memory, int64_t now)
{
	size_t n = 0;

	for (int slow = 0; slow < 2; slow++)
		for (size_t i = 0; i < f->race->n; i++)
			if ((*until_of(memory, f->race->ip[i]) > now) == slow)
				f->order[n++] = i;
}

/* Use our own address of the family, if there is to be one: 0, or -1 with errno. */
static int
bind_source(const struct race *race, int fd, const unsigned char ip[16])
{
	const struct bind_address *source = race->source;
	struct sockaddr_storage ss;
	int on = 1, is4 = is_ip4(ip);
	socklen_t len;

	if (source == NULL || !(is4 ? source->has_ip4 : source->has_ip6))
		return 0;
	/* the port is chosen with the connection: there may be more than there are ports
	 */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	len = socket_address_make(&ss, is4 ? source->ip4 : source->ip6, 0);
	return bind(fd, (struct sockaddr *)&ss, len);
}

static void
fail(struct field *f, size_t i, int error)
{
	f->race->error[i] = error;
	if (f->fd[i] != -1) {
		close(f->fd[i]);
		f->fd[i] = -1;
		f->running--;
	}
	/* the next one need not wait */
	f->next = 0;
}

static void
begin(struct field *f, size_t i, int64_t now)
{
	const unsigned char *ip = f->race->ip[i];
	struct sockaddr_storage ss;
	socklen_t len = socket_address_make(&ss, ip, f->race->port);
	int on = 1, fd;

	f->since[i] = now;
	f->next = now + RACE_DELAY;
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1) {
		fail(f, i, errno);
		return;
	}
	f->fd[i] = fd;
	f->running++;
	if (bind_source(f->race, fd, ip) == -1) {
		f->race->is_ours[i] = 1;
		fail(f, i, errno);
		return;
	}
	/* what we write is whole, and must not wait for the acknowledgement of what went
	 * before */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&ss, len) == -1 && errno != EINPROGRESS &&
	    errno != EINTR)
		fail(f, i, errno);
}

/* Milliseconds to wait for something to happen. */
static int
time_left(const struct field *f, int64_t now)
{
	int64_t until = f->begun < f->race->n ? f->next : INT64_MAX;
	int64_t seconds = f->race->seconds;

	for (size_t i = 0; i < f->race->n; i++)
		if (f->fd[i] != -1 && f->since[i] + seconds * 1000 < until)
			until = f->since[i] + seconds * 1000;
	return until <= now ? 0 : (int)(until - now);
}

/* Has the one that poll(2) said this of answered?  1; 0: not yet, or it has failed. */
static int
has_answered(struct field *f, size_t i, short events, int64_t now)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (events == 0) {
		if (f->since[i] + (int64_t)f->race->seconds * 1000 <= now)
			fail(f, i, ETIMEDOUT);
		return 0;
	}
	if (getsockopt(f->fd[i], SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error != 0)
		fail(f, i, error);
	return error == 0;
}

/* Wait a while for those that run.  Returns 1 with the winner, or 0. */
static int
await(struct field *f)
{
	struct pollfd pollers[RACE_MAX];
	size_t which[RACE_MAX], n = 0, i;
	int64_t now = deadline_now();

	for (i = 0; i < f->begun; i++)
		if (f->fd[f->order[i]] != -1) {
			which[n] = f->order[i];
			pollers[n++] = (struct pollfd){f->fd[f->order[i]], POLLOUT, 0};
		}
	if (poll(pollers, (nfds_t)n, time_left(f, now)) == -1)
		for (i = 0; i < n; i++)
			pollers[i].revents = 0;
	now = deadline_now();
	for (i = 0; i < n; i++)
		if (has_answered(f, which[i], pollers[i].revents, now)) {
			f->race->winner = which[i];
			return 1;
		}
	return 0;
}

/* A family that had its time and did not answer, while the other one did, is slow. */
static void
learn(const struct field *f, struct race_memory *memory)
{
	const unsigned char *winner = f->race->ip[f->race->winner];
	int64_t now = deadline_now();

	*until_of(memory, winner) = 0;
	for (size_t i = 0; i < f->race->n; i++)
		if (is_ip4(f->race->ip[i]) != is_ip4(winner) &&
		    (f->race->error[i] == ETIMEDOUT ||
			(f->fd[i] != -1 && now - f->since[i] >= RACE_DELAY)))
			*until_of(memory, f->race->ip[i]) =
			    now + RACE_SLOW_SECONDS * INT64_C(1000);
}

int
race_run(struct race *race, struct race_memory *memory)
{
	struct field f = {.race = race};
	int64_t now = deadline_now();
	int won = 0;

	for (size_t i = 0; i < race->n; i++) {
		race->error[i] = race->is_ours[i] = 0;
		f.fd[i] = -1;
	}
	set_order(&f, memory, now);
	while (!won && (f.running > 0 || f.begun < race->n)) {
		now = deadline_now();
		if (f.begun < race->n && now >= f.next)
			begin(&f, f.order[f.begun++], now);
		else
			won = await(&f);
	}
	if (won)
		learn(&f, memory);
	for (size_t i = 0; i < race->n; i++)
		if (f.fd[i] != -1 && !(won && i == race->winner))
			close(f.fd[i]);
	return won ? f.fd[race->winner] : -1;
}
