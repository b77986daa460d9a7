#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/dns_client.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"

#define GRACE 500 /* milliseconds that an answer may be late */

int
dns_client_open(struct dns_client *c)
{
	if (c->fd != -1)
		return 0;
	c->heard.len = c->taken = 0;
	c->fd = unix_connect(DNS_CLIENT_SOCKET, 0);
	return c->fd == -1 ? -1 : 0;
}

void
dns_client_close(struct dns_client *c)
{
	int saved = errno;

	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
	stralloc_free(&c->heard);
	stralloc_free(&c->asked);
	memset(&c->heard, 0, sizeof(c->heard));
	memset(&c->asked, 0, sizeof(c->asked));
	c->is_gathering = 0;
	c->taken = 0;
	errno = saved;
}

/* It is of no use any more. */
static int
break_off(struct dns_client *c, int error)
{
	dns_client_close(c);
	errno = error;
	return -1;
}

/* Returns 0, or -1 with errno; then it is closed. */
static int
send_all(struct dns_client *c, const stralloc *request)
{
	ssize_t r = send(c->fd, request->s, request->len, MSG_NOSIGNAL | MSG_DONTWAIT);

	return r == (ssize_t)request->len ? 0 : break_off(c, r == -1 ? errno : EAGAIN);
}

void
dns_client_gather(struct dns_client *c)
{
	c->is_gathering = 1;
}

int
dns_client_send(struct dns_client *c)
{
	int r = 0;

	c->is_gathering = 0;
	if (c->fd != -1 && c->asked.len > 0)
		r = send_all(c, &c->asked);
	c->asked.len = 0;
	return r;
}

uint32_t
dns_client_ask(
    struct dns_client *c, const char *type, const char *name, unsigned milliseconds)
{
	char id[DECIMAL_MAX], wait[DECIMAL_MAX];
	stralloc words = {0}, request = {0};

	if (dns_client_open(c) == -1)
		return 0;
	if (++c->last_id == 0)
		c->last_id = 1;
	text_cat(&words, text_decimal(id, c->last_id), " ", type, " ",
	    text_decimal(wait, milliseconds), " ", name, (char *)NULL);
	netstring_put(&request, words.s, words.len);
	if (c->is_gathering)
		text_catb(&c->asked, request.s, request.len);
	else
		send_all(c, &request);
	stralloc_free(&words);
	stralloc_free(&request);
	return c->fd == -1 ? 0 : c->last_id;
}

/* Returns 1, 0 when a whole one is not there, -1 with EPROTO. */
static int
take_heard(struct dns_client *c, struct dns_answer *answer)
{
	const char *s = c->heard.s + c->taken;
	size_t start, size;
	ssize_t r =
	    netstring_scan(s, c->heard.len - c->taken, DNS_ANSWER_MAX, &start, &size);

	if (r > 0) {
		c->taken += (size_t)r;
		if (dns_answer_parse(answer, s + start, size))
			return 1;
	}
	errno = EPROTO;
	return r == 0 ? 0 : -1;
}

int
dns_client_take(struct dns_client *c, struct dns_answer *answer)
{
	char buf[4096];
	ssize_t r;
	int taken;

	if (c->fd == -1) {
		errno = ENOTCONN;
		return -1;
	}
	for (;;) {
		taken = c->heard.len > c->taken ? take_heard(c, answer) : 0;
		if (taken != 0)
			return taken == 1 ? 1 : break_off(c, EPROTO);
		if (c->taken > 0) {
			memmove(
			    c->heard.s, c->heard.s + c->taken, c->heard.len - c->taken);
			c->heard.len -= c->taken;
			c->taken = 0;
		}
		r = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (r == -1 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (r <= 0)
			return break_off(c, r == 0 ? ECONNRESET : errno);
		text_catb(&c->heard, buf, (size_t)r);
	}
}

int
dns_client_wait(struct dns_client *c, struct dns_answer *answer, int64_t until)
{
	int r;

	while ((r = dns_client_take(c, answer)) == 0)
		if (deadline_wait(c->fd, POLLIN, until) == -1)
			return break_off(c, errno);
	return r;
}

void
dns_client_look_up(struct dns_client *c, const char *type, const char *name,
    unsigned milliseconds, struct dns_answer *answer)
{
	int64_t until = deadline_now() + GRACE +
			(milliseconds != 0 ? milliseconds : DNS_CLIENT_MILLISECONDS);
	uint32_t id = dns_client_ask(c, type, name, milliseconds);

	while (id != 0 && dns_client_wait(c, answer, until) == 1)
		if (answer->id == id)
			return;
	memset(answer, 0, sizeof(*answer));
	answer->status = DNS_ANSWER_FAILED;
	answer->name = answer->records = "";
}
