#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/address.h"
#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/policy_answer.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "policy/relay_lease.h"
#include "policy/relay_mailbox.h"

#define CHECK_SOCK "run/check.sock"
#define ANSWER_MAX 1000
#define ROOM "Room: "
#define IDLE_MAX 4 /* connections kept: more would take places of the server's */

/*
 * Each question has a connection of its own, so that none waits for the answer to
 * another.  These are caches: connections that have answered, when the last answer came,
 * and until when no question is worth its time.
 */
static int idle[IDLE_MAX];
static size_t idle_count;
static int64_t heard_at;
static int64_t silent_until;

/* Returns 0, or -1 with errno. */
static int
take_connection(struct relay_mailbox *q)
{
	q->is_reused = idle_count > 0;
	q->wait.fd = q->is_reused ? idle[--idle_count] : unix_connect(CHECK_SOCK, 0);
	q->sent = q->heard.len = 0;
	if (q->wait.fd == -1 && errno == EAGAIN)
		errno = ETIMEDOUT; /* so many wait already */
	return q->wait.fd == -1 ? -1 : 0;
}

static void
give_connection(struct relay_mailbox *q)
{
	if (idle_count < IDLE_MAX)
		idle[idle_count++] = q->wait.fd;
	else
		close(q->wait.fd);
	q->wait.fd = -1;
}

static void
hang_up(struct relay_mailbox *q)
{
	int saved = errno;

	if (q->wait.fd != -1)
		close(q->wait.fd);
	q->wait.fd = -1;
	errno = saved;
}

/* All of it, as far as it goes: 1, 0 when the socket takes no more now, or -1 with errno.
 */
static int
send_request(struct relay_mailbox *q)
{
	ssize_t r;

	q->wait.events = POLLOUT;
	while (q->sent < q->request.len) {
		r = send(q->wait.fd, q->request.s + q->sent, q->request.len - q->sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r == -1 && errno == EAGAIN)
			return 0;
		if (r == -1 && errno != EINTR)
			return -1;
		if (r > 0)
			q->sent += (size_t)r;
	}
	return 1;
}

/* What a yes tells of the mailbox, s[0..len): "Room: BYTES MAILBOX", or nothing. */
static void
take_room(const struct relay_mailbox *q, const char *s, size_t len)
{
	unsigned long long room;
	const char *blank;

	if (len < sizeof(ROOM) || memcmp(s, ROOM, sizeof(ROOM) - 1) != 0)
		return;
	s += sizeof(ROOM) - 1;
	len -= sizeof(ROOM) - 1;
	blank = memchr(s, ' ', len);
	if (blank == NULL || !text_number(s, (size_t)(blank - s), ~0ull, &room))
		return;
	len -= (size_t)(blank + 1 - s);
	relay_lease_put(blank + 1, len, room, q->size,
	    q->wait.until - RELAY_MAILBOX_MILLISECONDS, q->era);
}

/* Take the answer from what has been heard: 1, 0 when some is missing, -1 with errno. */
static int
take_answer(const struct relay_mailbox *q, stralloc *answer)
{
	size_t start, size;
	ssize_t taken =
	    netstring_scan(q->heard.s, q->heard.len, ANSWER_MAX, &start, &size);

	if (taken == 0)
		return 0;
	errno = EPROTO;
	if (taken == -1 || (size_t)taken != q->heard.len ||
	    policy_answer_judge(q->heard.s + start, size) == 0)
		return -1;
	if (q->heard.s[start] == 'K') {
		take_room(q, q->heard.s + start + 1, size - 1);
		size = 1;
	}
	text_catb(answer, q->heard.s + start, size);
	return 1;
}

/* The same with what comes now. */
static int
hear_answer(struct relay_mailbox *q, stralloc *answer)
{
	char buf[ANSWER_MAX];
	ssize_t r;
	int taken = 0;

	q->wait.events = POLLIN;
	while (taken == 0) {
		r = recv(q->wait.fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (r == -1 && errno == EAGAIN)
			return 0;
		if (r == -1 && errno != EINTR)
			return -1;
		if (r == 0) {
			errno = q->heard.len > 0 ? EPROTO : ECONNRESET;
			return -1;
		}
		if (r > 0) {
			text_catb(&q->heard, buf, (size_t)r);
			taken = take_answer(q, answer);
		}
	}
	return taken;
}

/* As relay_mailbox_go_on, on the connection that it has, without looking at the time. */
static int
exchange(struct relay_mailbox *q, stralloc *answer)
{
	int r = send_request(q);

	return r == 1 ? hear_answer(q, answer) : r;
}

/* The same, on a new connection when it has none, or an old one that is of no use. */
static int
exchange_somewhere(struct relay_mailbox *q, stralloc *answer)
{
	int r;

	do {
		if (q->wait.fd == -1 && take_connection(q) == -1)
			return -1;
		r = exchange(q, answer);
		if (r == -1)
			hang_up(q);
		/* its server may have been restarted since its last answer */
	} while (r == -1 && q->is_reused && q->heard.len == 0 &&
		 (errno == EPIPE || errno == ECONNRESET));
	return r;
}

void
relay_mailbox_ask(
    struct relay_mailbox *q, const char *s, size_t len, unsigned long long size)
{
	static stralloc key; /* a cache */
	char digits[DECIMAL_MAX];
	stralloc question = {0};
	int64_t now = deadline_now();

	address_key(&key, s, len);
	q->is_granted = relay_lease_take(key.s, key.len, size, now);
	if (q->is_granted)
		return;
	q->size = size;
	q->era = relay_lease_era();
	text_catb(&question, s, len);
	text_catb(&question, "", 1);
	text_cat(&question, text_decimal(digits, size), (char *)NULL);
	q->request.len = 0;
	netstring_put(&q->request, question.s, question.len);
	stralloc_free(&question);
	q->wait =
	    (struct clients_wait){.fd = -1, .until = now + RELAY_MAILBOX_MILLISECONDS};
}

int
relay_mailbox_go_on(struct relay_mailbox *q, stralloc *answer)
{
	int64_t now;
	int r;

	if (q->is_granted) {
		text_cat(answer, "K", (char *)NULL);
		return 1;
	}
	now = deadline_now();
	if (q->wait.fd == -1 && now < silent_until) {
		errno = ETIMEDOUT;
		return -1;
	}
	r = exchange_somewhere(q, answer);
	if (r == 1) {
		give_connection(q);
		heard_at = now;
		silent_until = 0;
	} else if (r == 0 && now >= q->wait.until) {
		hang_up(q);
		/* others that were answered meanwhile: it is this mailbox alone */
		if (heard_at < q->wait.until - RELAY_MAILBOX_MILLISECONDS)
			silent_until = now + RELAY_MAILBOX_MILLISECONDS;
		errno = ETIMEDOUT;
		r = -1;
	}
	return r;
}

void
relay_mailbox_leave(struct relay_mailbox *q)
{
	if (q->request.len > 0)
		hang_up(q);
	stralloc_free(&q->request);
	stralloc_free(&q->heard);
	memset(q, 0, sizeof(*q));
}
