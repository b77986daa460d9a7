#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/netstring.h"
#include "lib/text.h"
#include "receive/relay_mailbox.h"
#include "receive/smtp_policy.h"

#define CHECK_SOCK "run/check.sock"
#define ANSWER_MAX 1000

static void
hang_up(struct relay_mailbox *mailbox)
{
	int saved = errno;

	close(mailbox->fd);
	mailbox->fd = -1;
	errno = saved == EAGAIN ? ETIMEDOUT : saved;
}

/* Returns 0, or -1 with errno.  The socket keeps time, while it connects too. */
static int
connect_in_time(struct relay_mailbox *mailbox)
{
	const struct sockaddr_un address = {
	    .sun_family = AF_UNIX, .sun_path = CHECK_SOCK};
	const struct timeval tv = {.tv_sec = RELAY_MAILBOX_SECONDS};

	mailbox->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (mailbox->fd == -1)
		return -1;
	if (setsockopt(mailbox->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv) == -1 ||
	    setsockopt(mailbox->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv) == -1 ||
	    connect(mailbox->fd, (const struct sockaddr *)&address, sizeof address) ==
		-1) {
		hang_up(mailbox);
		return -1;
	}
	return 0;
}

/* Read one netstring to answer.  Returns 0, or -1 with errno. */
static int
read_answer(const struct relay_mailbox *mailbox, stralloc *answer)
{
	char buf[ANSWER_MAX];
	size_t used = 0, start, size;
	ssize_t r, taken = 0;

	while (!taken && used < sizeof buf) {
		r = recv(mailbox->fd, buf + used, sizeof buf - used, 0);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		if (!r)
			break;
		used += r;
		taken = netstring_scan(buf, used, ANSWER_MAX, &start, &size);
	}
	if (taken <= 0 || (size_t)taken != used ||
	    !smtp_policy_judge(buf + start, size)) {
		errno = taken || used ? EPROTO : ECONNRESET;
		return -1;
	}
	text_catb(answer, buf + start, buf[start] == 'K' ? 1 : size);
	return 0;
}

static int
ask(struct relay_mailbox *mailbox, const stralloc *request, stralloc *answer)
{
	if (mailbox->fd == -1 && connect_in_time(mailbox) == -1)
		return -1;
	if (send(mailbox->fd, request->s, request->len, MSG_NOSIGNAL) ==
		(ssize_t)request->len &&
	    read_answer(mailbox, answer) == 0)
		return 0;
	hang_up(mailbox);
	return -1;
}

int
relay_mailbox_ask(struct relay_mailbox *mailbox, const char *s, size_t len,
    unsigned long long size, stralloc *answer)
{
	char digits[DECIMAL_MAX];
	stralloc question = {0}, request = {0};
	int r, used_before = mailbox->fd != -1;

	text_catb(&question, s, len);
	text_catb(&question, "", 1);
	text_cat(&question, text_decimal(digits, size), NULL);
	netstring_put(&request, question.s, question.len);
	r = ask(mailbox, &request, answer);
	/* Its server may have been restarted since the last question. */
	if (r == -1 && used_before && (errno == EPIPE || errno == ECONNRESET))
		r = ask(mailbox, &request, answer);
	stralloc_free(&question);
	stralloc_free(&request);
	return r;
}
