#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/door.h"
#include "accept/errands.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define GUESTS_MAX 1000
#define GUESTS_OF_ONE 500  /* user, lest one takes all */
#define SILENCE_MAX 300000 /* milliseconds, in the middle of something */
#define AT_ONCE 64         /* taken before the others get their turn */

#define ANSWER_STRANGER "Zyou may not connect to the queue (#4.3.0)"
#define ANSWER_CROWDED "Ztoo many are connected to the queue (#4.3.2)"

int
door_read_clients(struct service *s, const char *list)
{
	unsigned long long uid;
	size_t len;

	for (list += strspn(list, " \n"); *list != '\0'; list += strspn(list, " \n")) {
		len = strcspn(list, " \n");
		if (s->clients_count == SERVICE_CLIENTS_MAX ||
		    !text_number(list, len, (uid_t)-2, &uid))
			return -1;
		s->clients[s->clients_count++] = (uid_t)uid;
		list += len;
	}
	return 0;
}

/* Which of those who may come in it is, or GUEST_USERS: none. */
static size_t
find_user(const struct service *s, uid_t uid)
{
	size_t i = 0;

	if (uid == geteuid())
		return 0;
	if (uid == 0)
		return 1;
	while (i < s->clients_count && s->clients[i] != uid)
		i++;
	return i < s->clients_count ? 2 + i : GUEST_USERS;
}

/* Whoever has been idle for longest leaves, of this user where it is said. */
static int
make_room(struct service *s, const uid_t *uid)
{
	struct guest *g = s->guests.first;

	while (g != NULL && (!guest_is_idle(g) || g == s->scheduler ||
				(uid != NULL && g->uid != *uid)))
		g = g->later;
	if (g == NULL)
		return 0;
	guest_leave(&s->guests, g);
	return 1;
}

static size_t
count_of(const struct service *s, uid_t uid)
{
	size_t n = 0;

	for (const struct guest *g = s->guests.first; g != NULL; g = g->later)
		n += g->uid == uid;
	return n;
}

static int
has_room(struct service *s, uid_t uid)
{
	if (s->guests.count >= GUESTS_OF_ONE && count_of(s, uid) >= GUESTS_OF_ONE)
		return make_room(s, &uid);
	return s->guests.count < GUESTS_MAX || make_room(s, NULL);
}

static void
refuse(int fd, const char *answer)
{
	stralloc netstring = {0};

	netstring_put(&netstring, answer, strlen(answer));
	send(fd, netstring.s, netstring.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	stralloc_free(&netstring);
	close(fd);
}

static void
let_in(struct service *s, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof peer;
	size_t user = GUEST_USERS;
	char uid[DECIMAL_MAX];
	struct guest *g;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0)
		user = find_user(s, peer.uid);
	if (user == GUEST_USERS) {
		carp("uid ", text_decimal(uid, peer.uid), " may not connect");
		refuse(fd, ANSWER_STRANGER);
	} else if (!has_room(s, peer.uid)) {
		carp("too many are connected");
		refuse(fd, ANSWER_CROWDED);
	} else if ((g = guest_add(&s->guests, fd, peer.uid, s->now)) != NULL) {
		g->user = user;
	} else {
		carpsys("unable to watch a client");
		close(fd);
	}
}

/* Where a signal came between, or the client has gone again, another turn is due. */
static int
is_harmless(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED;
}

int
door_open(struct service *s, int listening)
{
	int fd, n;

	for (n = 0; n < AT_ONCE; n++) {
		fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1)
			return is_harmless(errno) ? 0 : -1;
		let_in(s, fd);
	}
	return 0;
}

/* In the order in which they were heard last. */
void
door_look(struct service *s)
{
	struct guest *g = s->guests.first, *later;

	for (; g != NULL && s->now - g->heard >= SILENCE_MAX; g = later) {
		later = g->later;
		if (guest_is_idle(g) || (guest_waits(g) && g->out.len == 0))
			continue;
		errands_leave(s, g);
	}
}
