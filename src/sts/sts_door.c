#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/lower.h"
#include "lib/netstring_scan.h"
#include "lib/text_decimal.h"
#include "sts/sts_door.h"
#include "sts/sts_log.h"

#define PAUSE_MILLISECONDS 100

int
sts_door_begin(struct sts_door *door, int listening, size_t most)
{
	int flags = fcntl(listening, F_GETFL);

	if (flags == -1 || fcntl(listening, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	door->listening = listening;
	door->most = most;
	door->n = 0;
	door->clients = calloc(most, sizeof(*door->clients));
	if (door->clients == NULL)
		sts_log_lack();
	return 0;
}

void
sts_door_open(struct sts_door *door)
{
	struct sts_door_client *client;
	int fd;

	if (door->n == door->most)
		return;
	fd = accept4(door->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd == -1) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
			sts_log_fault("unable to take", "another client");
			/* until others end, and not at full speed */
			poll(NULL, 0, PAUSE_MILLISECONDS);
		}
		return;
	}
	client = &door->clients[door->n++];
	client->fd = fd;
	client->job = NULL;
	client->len = 0;
	client->until = deadline_now() + STS_DOOR_IDLE_SECONDS * INT64_C(1000);
}

int
sts_door_hear(struct sts_door *door, size_t i, char domain[STS_POLICY_NAME_MAX + 1])
{
	struct sts_door_client *client = &door->clients[i];
	size_t start, size;
	ssize_t r;

	r = recv(client->fd, client->heard + client->len,
	    sizeof(client->heard) - client->len, MSG_DONTWAIT);
	if (r == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (r <= 0)
		return -1;
	client->len += (size_t)r;
	r = netstring_scan(
	    client->heard, client->len, STS_POLICY_NAME_MAX, &start, &size);
	if (r == 0)
		return client->len < sizeof(client->heard) ? 0 : -1;
	if (r == -1 || memchr(client->heard + start, '\0', size) != NULL)
		return -1;
	memcpy(domain, client->heard + start, size);
	domain[size] = '\0';
	lower_string(domain);
	client->len -= (size_t)r;
	memmove(client->heard, client->heard + r, client->len);
	return 1;
}

size_t
sts_door_put(const struct sts_job *job, char answer[STS_DOOR_ANSWER_MAX])
{
	char *end = stpcpy(answer, job->has_policy ? "policy " : "none ");

	end = stpcpy(end, job->result != NULL ? job->result : "-");
	end = stpcpy(stpcpy(end, " "), job->why);
	end = stpcpy(end, "\n");
	if (job->has_policy) {
		memcpy(end, job->entry.text, job->entry.len);
		end += job->entry.len;
	}
	return (size_t)(end - answer);
}

/* Returns 0, or -1 when the client does not take it. */
static int
say(const struct sts_door_client *client, const char *answer, size_t len)
{
	char bytes[STS_DOOR_ANSWER_MAX + 2 * DECIMAL_MAX], number[DECIMAL_MAX];
	char *end = stpcpy(stpcpy(bytes, text_decimal(number, len)), ":");

	memcpy(end, answer, len);
	end += len;
	*end++ = ',';
	return send(client->fd, bytes, (size_t)(end - bytes),
		   MSG_NOSIGNAL | MSG_DONTWAIT) == end - bytes
		   ? 0
		   : -1;
}

void
sts_door_answer(struct sts_door *door, const struct sts_job *job)
{
	static char answer[STS_DOOR_ANSWER_MAX]; /* large, and needed in here only */
	size_t len = sts_door_put(job, answer), i;

	for (i = door->n; i-- > 0;) {
		if (door->clients[i].job != job)
			continue;
		door->clients[i].job = NULL;
		door->clients[i].until =
		    deadline_now() + STS_DOOR_IDLE_SECONDS * INT64_C(1000);
		if (say(&door->clients[i], answer, len) == -1)
			sts_door_leave(door, i);
	}
}

void
sts_door_leave(struct sts_door *door, size_t i)
{
	close(door->clients[i].fd);
	door->clients[i] = door->clients[--door->n];
}
