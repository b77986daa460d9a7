#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "accept/guest.h"
#include "lib/heap.h"
#include "lib/netstring.h"

#define OUT_MAX 262144 /* bytes that wait to be sent: then it does not read them */

static void
link_last(struct guest_list *gs, struct guest *g)
{
	g->later = NULL;
	g->earlier = gs->last;
	if (gs->last != NULL)
		gs->last->later = g;
	else
		gs->first = g;
	gs->last = g;
}

static void
unlink_one(struct guest_list *gs, struct guest *g)
{
	if (g->earlier != NULL)
		g->earlier->later = g->later;
	else
		gs->first = g->later;
	if (g->later != NULL)
		g->later->earlier = g->earlier;
	else
		gs->last = g->earlier;
}

struct guest *
guest_add(struct guest_list *gs, int fd, uid_t uid, int64_t now)
{
	struct guest *g = heap_make(1, sizeof *g);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = g};

	if (epoll_ctl(gs->epoll, EPOLL_CTL_ADD, fd, &event) == -1) {
		free(g);
		return NULL;
	}
	g->fd = fd;
	g->uid = uid;
	g->events = EPOLLIN;
	g->heard = now;
	link_last(gs, g);
	gs->count++;
	return g;
}

void
guest_bury(struct guest_list *gs)
{
	struct guest *g;

	while ((g = gs->gone) != NULL) {
		gs->gone = g->later;
		exchange_free(&g->exchange);
		stralloc_free(&g->rest);
		stralloc_free(&g->out);
		free(g);
	}
}

static void
go(struct guest_list *gs, struct guest *g)
{
	g->later = gs->gone;
	gs->gone = g;
}

void
guest_leave(struct guest_list *gs, struct guest *g)
{
	/* a child may have the same connection, which epoll would go on to look at */
	if (g->child == 0)
		epoll_ctl(gs->epoll, EPOLL_CTL_DEL, g->fd, NULL);
	close(g->fd);
	g->fd = -1;
	unlink_one(gs, g);
	gs->count--;
	if (g->owed == 0)
		go(gs, g);
}

void
guest_release(struct guest_list *gs, struct guest *g)
{
	g->owed--;
	if (g->fd == -1 && g->owed == 0)
		go(gs, g);
}

void
guest_heard(struct guest_list *gs, struct guest *g, int64_t now)
{
	g->heard = now;
	if (gs->last == g)
		return;
	unlink_one(gs, g);
	link_last(gs, g);
}

int
guest_waits(const struct guest *g)
{
	return g->owed > 0 || g->stalled || g->queued || g->child != 0 ||
	       g->sought[0] != '\0';
}

int
guest_is_idle(const struct guest *g)
{
	return !guest_waits(g) && !exchange_is_begun(&g->exchange) && g->out.len == 0;
}

void
guest_watch(struct guest_list *gs, struct guest *g)
{
	unsigned events = (g->rest.len > 0 || g->queued ? 0 : EPOLLIN) |
			  (g->out.len > 0 || g->blocked ? EPOLLOUT : 0);
	struct epoll_event event = {.events = events, .data.ptr = g};

	if (events == g->events || g->fd == -1 || g->child != 0)
		return;
	if (epoll_ctl(gs->epoll, EPOLL_CTL_MOD, g->fd, &event) == 0)
		g->events = events;
}

void
guest_lend(struct guest_list *gs, struct guest *g, pid_t child)
{
	epoll_ctl(gs->epoll, EPOLL_CTL_DEL, g->fd, NULL);
	g->child = child;
	gs->children++;
	gs->children_of[g->user]++;
}

int
guest_regain(struct guest_list *gs, struct guest *g)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = g};

	g->child = 0;
	g->events = EPOLLIN;
	gs->children--;
	gs->children_of[g->user]--;
	return epoll_ctl(gs->epoll, EPOLL_CTL_ADD, g->fd, &event);
}

int
guest_flush(struct guest *g)
{
	ssize_t r;

	while (g->out.len > 0) {
		r = send(g->fd, g->out.s, g->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return errno == EAGAIN && g->out.len <= OUT_MAX ? 0 : -1;
		g->out.len -= (size_t)r;
		memmove(g->out.s, g->out.s + r, g->out.len);
	}
	return 0;
}

void
guest_say(struct guest_list *gs, struct guest *g, const char *s, size_t len)
{
	if (g->fd == -1)
		return;
	netstring_put(&g->out, s, len);
	/* that it is of no use any more is seen by both when they read from it */
	if (guest_flush(g) == -1) {
		g->out.len = 0;
		shutdown(g->fd, SHUT_RDWR);
	}
	guest_watch(gs, g);
}

void
guest_tell(struct guest_list *gs, struct guest *g, const char *s)
{
	guest_say(gs, g, s, strlen(s));
}
