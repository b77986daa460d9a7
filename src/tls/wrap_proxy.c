#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "lib/deadline.h"
#include "tls/wrap_handshake.h"
#include "tls/wrap_proxy.h"

#define BUFFER_SIZE 16384 /* the plain text of one record: RFC 8446, 5.1 */

/* One direction. */
struct flow {
	size_t start;
	size_t end; /* what waits is s[start..end) */
	int ended;  /* no more will come */
	int told;   /* and the other side knows */
	char s[BUFFER_SIZE];
};

struct proxy {
	SSL *ssl;
	int net;
	int clear;
	int next;       /* what comes after this, or -1 */
	int clear_gone; /* it has closed: nobody reads what we would write there */
	int lingering;  /* we have said all, and wait for the peer to close */
	int net_may;    /* there may be something to read */
	int clear_may;
	int64_t until; /* once the clear side has closed */
	short wanted;  /* on net, for OpenSSL to go on */
	const char *over;
	struct flow in;  /* from the network */
	struct flow out; /* to it */
};

/* Judge what r, returned by SSL_read or SSL_write, means.  Returns 0 if it is to be tried
 * again. */
static int
judge(struct proxy *p, int r)
{
	switch (SSL_get_error(p->ssl, r)) {
	case SSL_ERROR_WANT_READ:
		p->wanted |= POLLIN;
		p->net_may = 0;
		return 0;
	case SSL_ERROR_WANT_WRITE:
		p->wanted |= POLLOUT;
		p->net_may = 0;
		return 0;
	case SSL_ERROR_ZERO_RETURN:
		/* OpenSSL says so, too, when a write fails after the peer has ended */
		if (p->in.ended) {
			p->over = errno != 0 ? strerror(errno) : "closed";
			return 1;
		}
		p->in.ended = 1;
		return 0;
	case SSL_ERROR_SSL:
		if (ERR_GET_REASON(ERR_peek_last_error()) ==
		    SSL_R_UNEXPECTED_EOF_WHILE_READING) {
			p->over = "truncated";
			return 1;
		}
	}
	p->over = wrap_handshake_reason(p->ssl, r);
	return 1;
}

static void
read_net(struct proxy *p)
{
	int r;

	if (!p->net_may || p->in.ended || p->in.start < p->in.end || p->over != NULL)
		return;
	errno = 0;
	r = SSL_read(p->ssl, p->in.s, sizeof(p->in.s));
	if (r <= 0) {
		judge(p, r);
		return;
	}
	p->net_may = SSL_has_pending(p->ssl);
	p->in.start = 0;
	p->in.end = p->clear_gone ? 0 : (size_t)r; /* nobody wants it */
}

static void
write_net(struct proxy *p, struct wrap_traffic *traffic)
{
	int r;

	if (p->out.start == p->out.end || p->over != NULL)
		return;
	errno = 0;
	r = SSL_write(p->ssl, p->out.s + p->out.start, (int)(p->out.end - p->out.start));
	if (r <= 0) {
		judge(p, r);
		return;
	}
	p->out.start += (size_t)r;
	traffic->out += (size_t)r;
}

static void
read_clear(struct proxy *p)
{
	ssize_t r;

	if (!p->clear_may || p->out.ended || p->out.start < p->out.end)
		return;
	p->clear_may = 0;
	r = recv(p->clear, p->out.s, sizeof(p->out.s), MSG_DONTWAIT);
	if (r == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	/* ECONNRESET: it closed without having read all that we gave it */
	if (r <= 0) {
		p->out.ended = 1;
		p->clear_gone |= r == -1;
		r = 0;
	}
	p->out.start = 0;
	p->out.end = (size_t)r;
}

static void
write_clear(struct proxy *p, struct wrap_traffic *traffic)
{
	ssize_t r;

	if (p->clear_gone)
		p->in.start = p->in.end;
	if (p->in.start == p->in.end)
		return;
	r = send(p->clear, p->in.s + p->in.start, p->in.end - p->in.start,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (r == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (r == -1) {
		p->clear_gone = 1;
		p->in.start = p->in.end;
		return;
	}
	p->in.start += (size_t)r;
	traffic->in += (size_t)r;
}

/* Pass on the end of a side when all that it said has been. */
static void
pass_ends(struct proxy *p)
{
	int r;

	if (p->in.ended && !p->in.told && p->in.start == p->in.end) {
		shutdown(p->clear, SHUT_WR);
		p->in.told = 1;
	}
	if (p->out.ended && !p->out.told && p->out.start == p->out.end &&
	    p->over == NULL) {
		errno = 0;
		r = SSL_shutdown(p->ssl); /* close_notify: RFC 8446, 6.1 */
		if (r < 0 && !judge(p, r))
			return;
		if (p->over == NULL)
			shutdown(p->net, SHUT_WR);
		p->out.told = 1;
	}
}

/*
 * When is it too late for anything to happen?  Once the clear side has closed, there is
 * no deadline but ours for a peer that does not take the last words, or goes on talking.
 */
static int64_t
find_deadline(struct proxy *p)
{
	int64_t now = deadline_now(), at = now + WRAP_IDLE_SECONDS * INT64_C(1000);

	if (p->clear_gone && p->until == 0)
		p->until = now + WRAP_FLUSH_SECONDS * INT64_C(1000);
	if (p->clear_gone && p->out.told && !p->lingering) {
		p->until = now + WRAP_LINGER_SECONDS * INT64_C(1000);
		p->lingering = 1;
	}
	return p->clear_gone ? p->until : at;
}

/* Wait until something can be done.  Returns null, or why not. */
static const char *
await(struct proxy *p)
{
	int in_waits = p->in.start < p->in.end, out_waits = p->out.start < p->out.end;
	struct pollfd pollers[] = {
	    {.fd = p->net, .events = p->wanted},
	    {.fd = p->clear_gone ? -1 : p->clear},
	    {.fd = p->clear_gone ? p->next : -1, .events = POLLIN},
	};

	if (p->net_may && !p->in.ended && !in_waits)
		return NULL;
	/* what it wrote before it closed can be read without waiting */
	if (p->clear_gone && !p->out.ended && !out_waits) {
		p->clear_may = 1;
		return NULL;
	}
	if (!p->in.ended && !in_waits)
		pollers[0].events |= POLLIN;
	if (!p->out.ended && !out_waits)
		pollers[1].events |= POLLIN;
	if (in_waits)
		pollers[1].events |= POLLOUT;
	/* a side that has hung up would end each poll at once */
	if (pollers[0].events == 0)
		pollers[0].fd = -1;
	p->wanted = 0;
	if (deadline_poll(pollers, 3, find_deadline(p)) == -1)
		return errno == ETIMEDOUT ? "timeout" : strerror(errno);
	if (pollers[2].revents != 0)
		return "closed";
	p->net_may |= pollers[0].revents != 0;
	p->clear_may |= pollers[1].revents != 0;
	if (pollers[1].revents & (POLLHUP | POLLERR))
		p->clear_gone = 1;
	return NULL;
}

/* Nobody is left who could want to hear more. */
static int
is_over(const struct proxy *p)
{
	if (p->over != NULL)
		return 1;
	return p->in.ended && p->out.ended && p->in.told && p->out.told;
}

const char *
wrap_proxy(SSL *ssl, int net, int clear, int next, struct wrap_traffic *traffic)
{
	static struct proxy p; /* pages never touched cost nothing */

	/* of an earlier session nothing is left but what its buffers held */
	memset(&p, 0, offsetof(struct proxy, in));
	memset(&p.in, 0, offsetof(struct flow, s));
	memset(&p.out, 0, offsetof(struct flow, s));
	p.ssl = ssl;
	p.net = net;
	p.clear = clear;
	p.next = next;
	/* the handshake's last piece may have brought more */
	p.net_may = SSL_has_pending(ssl);
	ERR_clear_error();
	while (!is_over(&p)) {
		read_net(&p);
		write_clear(&p, traffic);
		read_clear(&p);
		write_net(&p, traffic);
		pass_ends(&p);
		if (is_over(&p))
			break;
		p.over = await(&p);
	}
	/* how the peer ends is of no interest once it has been told that we do */
	return p.over == NULL || p.out.told ? "closed" : p.over;
}
