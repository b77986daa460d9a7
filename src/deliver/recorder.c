#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "deliver/recorder.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"

#define PATIENCE 5000 /* milliseconds for an answer, which waits for a sync */
#define PAUSE 100     /* milliseconds between tries to connect */
#define PAUSE_NONE 1000
#define MISSING_MAX 20 /* tries, until a socket that is not there is none */
/* what the service makes when it runs for the first time, and never takes away; the
 * folder is there before */
#define JOURNAL "queue/journal/lock"
#define ANSWER_MAX 1000
#define RECORD_FULL 60000 /* bytes of a request, of 65536, so that two more fit */

void
recorder_begin(struct recorder *p)
{
	memset(p, 0, sizeof(*p));
	p->fd = -1;
}

static void
lose(struct recorder *p)
{
	close(p->fd);
	p->fd = -1;
	p->is_asked = 0;
	p->in.len = p->out.len = p->sent = 0;
}

/* A connection that its other end has closed, between two questions, is none. */
static int
is_open(struct recorder *p)
{
	char c;

	if (p->fd == -1)
		return 0;
	if (p->is_asked ||
	    (recv(p->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == -1 && errno == EAGAIN))
		return 1;
	lose(p);
	return 0;
}

/*
 * Has this home no service?  One that is begun anew makes its socket anew, and for a
 * moment there is none.
 */
static int
is_none(struct recorder *p, int error)
{
	struct stat st;

	if (error != ENOENT || p->connections > 0)
		return 0;
	return fstatat(AT_FDCWD, JOURNAL, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	       ++p->missing >= MISSING_MAX;
}

int
recorder_state(struct recorder *p)
{
	int64_t now;
	int before = p->state, error;

	if (is_open(p))
		return RECORDER_UP;
	now = deadline_now();
	if (now < p->retry_at)
		return p->state;
	p->fd = unix_connect(RECORDER_SOCKET, 0);
	if (p->fd != -1) {
		p->connections++;
		p->missing = 0;
		return p->state = RECORDER_UP;
	}
	error = errno;
	if (before != RECORDER_AWAY && (error != ENOENT || p->connections > 0))
		carpsys("unable to reach " RECORDER_SOCKET);
	p->state = is_none(p, error) ? RECORDER_NONE : RECORDER_AWAY;
	p->retry_at = now + (p->state == RECORDER_NONE ? PAUSE_NONE : PAUSE);
	return p->state;
}

static void
say(struct recorder *p, const char *s, size_t len)
{
	netstring_put(&p->out, s, len);
	p->is_asked = 1;
	p->until = deadline_now() + PATIENCE;
}

void
recorder_ask(struct recorder *p, const char *id, const char *origin, const char *mailbox)
{
	stralloc question = {0};

	text_cat(&question, "Q", id, " ", mailbox, (char *)NULL);
	if (strcmp(origin, id) != 0) {
		text_catb(&question, "", 1);
		text_cat(&question, origin, " ", mailbox, (char *)NULL);
	}
	say(p, question.s, question.len);
	stralloc_free(&question);
}

static void
add(struct recorder *p, const char *id, const char *mailbox)
{
	text_cat(&p->record, p->record.len == 0 ? "P" : "", id, " ", (char *)NULL);
	text_catb(&p->record, mailbox, strlen(mailbox) + 1);
}

void
recorder_add(struct recorder *p, const char *id, const char *origin, const char *mailbox)
{
	add(p, id, mailbox);
	if (strcmp(origin, id) != 0)
		add(p, origin, mailbox);
}

int
recorder_is_full(const struct recorder *p)
{
	return p->record.len >= RECORD_FULL;
}

void
recorder_record(struct recorder *p)
{
	say(p, p->record.s, p->record.len);
	p->record.len = 0;
}

void
recorder_pause(struct recorder *p)
{
	p->retry_at = deadline_now() + PAUSE;
}

/* Returns 0, also when not all could be said yet; -1 with errno. */
static int
speak(struct recorder *p)
{
	ssize_t r;

	while (p->sent < p->out.len) {
		r = send(p->fd, p->out.s + p->sent, p->out.len - p->sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return errno == EAGAIN ? 0 : -1;
		p->sent += (size_t)r;
	}
	p->out.len = p->sent = 0;
	return 0;
}

/* A whole answer.  1, 0 when it has not come, -1 when it makes no sense. */
static int
take_answer(struct recorder *p, char *answer)
{
	size_t start, size;
	ssize_t r = netstring_scan(p->in.s, p->in.len, ANSWER_MAX, &start, &size);

	if (r <= 0)
		return (int)r;
	if ((size_t)r < p->in.len || size == 0)
		return -1;
	*answer = p->in.s[start];
	if (*answer == 'K' && size > 1)
		*answer = p->in.s[start + 1];
	p->in.len = 0;
	p->is_asked = 0;
	return strchr("K012ZD", *answer) != NULL ? 1 : -1;
}

int
recorder_hear(struct recorder *p, char *answer)
{
	ssize_t r;
	int got;

	if (p->fd == -1 || !p->is_asked)
		return -1;
	if (speak(p) == 0) {
		if (!stralloc_readyplus(&p->in, ANSWER_MAX))
			heap_lacks();
		r = recv(p->fd, p->in.s + p->in.len, ANSWER_MAX, MSG_DONTWAIT);
		if (r > 0) {
			p->in.len += (size_t)r;
			got = take_answer(p, answer);
			if (got == 1)
				return 1;
			errno = EPROTO;
			r = got;
		} else if (r == -1 && (errno == EAGAIN || errno == EINTR)) {
			r = 0;
		} else {
			r = -1;
		}
		if (r == 0 && deadline_now() < p->until)
			return 0;
	}
	lose(p);
	return -1;
}

struct pollfd
recorder_poll(const struct recorder *p)
{
	short events = p->sent < p->out.len ? POLLIN | POLLOUT : POLLIN;

	return (struct pollfd){.fd = p->is_asked ? p->fd : -1, .events = events};
}
