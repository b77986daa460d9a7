#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/handover.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define PAUSE 100 /* milliseconds, while the kernel has too little of something */
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* In one call: memory is not short of room in the middle. */
static int
fill(int fd, const char *file, const struct unsettled *u)
{
	struct iovec parts[2] = {
	    {.iov_base = (char *)file, .iov_len = u->len},
	    {.iov_base = u->lines.s, .iov_len = u->lines.len},
	};
	ssize_t r = writev(fd, parts, u->lines.len > 0 ? 2 : 1);

	if (r == (ssize_t)(u->len + u->lines.len))
		return fcntl(fd, F_ADD_SEALS, SEALS);
	if (r != -1)
		errno = ENOSPC;
	return -1;
}

/* A file in memory that nobody can change any more; -1 with errno. */
static int
make_memory(struct batch *b, const struct unsettled *u)
{
	const char *file = batch_file(b, u);
	int fd, saved;

	if (file == NULL)
		return -1;
	fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd == -1 || fill(fd, file, u) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* What the socket did not take of the netstring, after its first byte, follows. */
static int
send_message(struct service *s, const struct unsettled *u, int fd)
{
	static stralloc netstring; /* a cache */
	char text[1 + QUEUEID_LEN + 2] = "M";
	struct guest *g = s->scheduler;
	ssize_t r;

	strcpy(stpcpy(text + 1, u->id), u->again ? "+" : "");
	netstring.len = 0;
	netstring_put(&netstring, text, strlen(text));
	r = fdpass_send(g->fd, netstring.s, netstring.len, fd);
	if (r == -1)
		return -1;
	text_catb(&g->out, netstring.s + r, netstring.len - (size_t)r);
	guest_watch(&s->guests, g);
	return 0;
}

/* The socket is full, or too many descriptors are on their way; or the scheduler is gone,
 * which is seen when it is read from. */
static void
put_off(struct service *s)
{
	if (errno == EAGAIN) {
		s->scheduler->blocked = 1;
		guest_watch(&s->guests, s->scheduler);
		return;
	}
	if (errno != EPIPE && errno != ECONNRESET)
		carpsys("unable to hand over a message");
	s->retry_at = s->now + PAUSE;
}

void
handover_want(struct service *s, const struct unsettled *u)
{
	char order[1 + QUEUEID_LEN + 1] = "X";

	strcpy(order + 1, u->id);
	guest_tell(&s->guests, s->scheduler, order);
}

/* Returns 0, or -1 when nothing more is to be handed over now. */
static int
hand(struct service *s, struct unsettled *u)
{
	int fd = make_memory(&s->batch, u), r, saved;

	if (fd == -1 && errno == EIO) {
		carpsys("unable to read message ", u->id, " in " SLOTS_FOLDER);
		u->stuck = 1;
		return 0;
	}
	r = fd == -1 ? -1 : send_message(s, u, fd);
	saved = errno;
	if (fd != -1)
		close(fd);
	errno = saved;
	if (r == -1) {
		put_off(s);
		return -1;
	}
	unsettled_hand(&s->batch.unsettled, u);
	/* by a tool that asked before, and we could not make one */
	if (u->asked)
		handover_want(s, u);
	return 0;
}

void
handover_go_on(struct service *s)
{
	struct unsettled_list *l = &s->batch.unsettled;
	struct unsettled *u;

	if (s->scheduler == NULL || s->filer != 0 || s->unsure || s->now < s->retry_at)
		return;
	s->retry_at = 0;
	while (!s->scheduler->blocked && s->scheduler->out.len == 0 &&
	       l->handed < s->window && (u = unsettled_waiting(l)) != NULL &&
	       u->slot != NULL && hand(s, u) == 0)
		;
}
