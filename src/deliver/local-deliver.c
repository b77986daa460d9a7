/* local-deliver: deliver the messages that come on a socket to our mailboxes. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "deliver/flight.h"
#include "deliver/job_feed.h"
#include "deliver/order.h"
#include "deliver/order_end.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/home.h"
#include "lib/job.h"
#include "lib/log_hold.h"
#include "lib/outcome.h"
#include "lib/verdict.h"
#include "onward/owner.h"

#define TIMEOUT 60000        /* milliseconds for a job's rest to come, or answers to go */
#define ORDERS_MAX 64        /* jobs in flight: a descriptor for each */
#define ENVELOPES_MAX 262144 /* bytes of theirs; beyond, one after the other */

static const char *const queue[] = {"queue-inject", NULL};
static struct order_post post;
static struct job_feed feed;
static struct order *orders[ORDERS_MAX]; /* the first count are under way, in order */
static size_t count, envelopes;
static stralloc reply;
static size_t replied;
static int read_error, write_error; /* errno, after which nothing is read or written */
static int64_t read_until, write_until; /* when what was begun has to be done */

/* Of the jobs that have come, as many as there may be under way. */
static void
take_jobs(void)
{
	int r = 1, was_cut = job_feed_is_cut(&feed);

	while (read_error == 0 && count < ORDERS_MAX &&
	       (count == 0 || envelopes < ENVELOPES_MAX)) {
		if (orders[count] == NULL)
			orders[count] = heap_make(1, sizeof(*orders[count]));
		r = job_feed_take(&feed, &orders[count]->job);
		if (r == -1)
			read_error = errno;
		if (r != 1)
			break;
		envelopes += orders[count++]->job.bytes.len;
	}
	if (r == 0 && was_cut && deadline_now() >= read_until)
		read_error = ETIMEDOUT;
}

static int
may_read(void)
{
	return read_error == 0 && !feed.ended && count < ORDERS_MAX &&
	       (count == 0 || envelopes < ENVELOPES_MAX);
}

static void
read_jobs(void)
{
	switch (job_feed_read(&feed, 0)) {
	case -1:
		read_error = errno;
		break;
	case 1:
		read_until = deadline_now() + TIMEOUT;
		order_post_renew(&post);
	}
}

/* The first order is over: its answers go, and those behind it come forward. */
static void
answer_first(void)
{
	struct order *first = orders[0];
	size_t i;

	if (reply.len == 0)
		write_until = deadline_now() + TIMEOUT;
	for (i = 0; i < first->job.envelope.count; i++)
		job_answer(&reply, &first->answers[i]);
	envelopes -= first->job.bytes.len;
	order_done(first);
	count--;
	/* the one behind all of them may hold the beginning of a job */
	memmove(orders, orders + 1, (ORDERS_MAX - 1) * sizeof(*orders));
	orders[ORDERS_MAX - 1] = NULL;
	for (i = count; orders[i] != NULL; i++)
		;
	orders[i] = first;
	read_until = deadline_now() + TIMEOUT;
}

/*
 * The client has gone, and its jobs are another's by now: only what cannot be left
 * undone is done.  Returns 0.
 */
static int
finish_orphans(void)
{
	size_t i;

	order_deposit(&post);
	for (i = count; i-- > 0;) {
		struct order *o = orders[i];

		if (o->waiting > 0)
			continue;
		order_end_abandon(&post, o);
		order_done(o);
		orders[i] = orders[--count];
		orders[count] = o;
	}
	log_hold_release();
	return 0;
}

/* Returns whether there is more to do without waiting. */
static int
deliver(void)
{
	int is_begun = 1, sent, answered = 0;
	size_t i;

	for (i = 0; i < count && is_begun; i++)
		is_begun = order_begin(&post, orders[i]);
	order_deposit(&post);
	do {
		for (i = 0; i < count; i++)
			order_end(&post, orders[i]);
		sent = order_end_turn(&post);
	} while (sent);
	while (count > 0 && order_is_over(orders[0])) {
		answer_first();
		answered = 1;
	}
	log_hold_release(); /* before queue-run can log what it hears of it */
	return answered || (!is_begun && flight_take(&post.flight) != NULL);
}

static void
lose_client(int error)
{
	write_error = error;
	if (read_error == 0)
		read_error = error;
	reply.len = replied = 0;
}

static void
write_answers(void)
{
	ssize_t r;

	while (write_error == 0 && replied < reply.len) {
		const char *rest = reply.s + replied;
		size_t len = reply.len - replied;

		r = send(1, rest, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (r == -1 && errno == ENOTSOCK)
			r = deadline_write_all(1, rest, len, TIMEOUT / 1000) == -1
				? -1
				: (ssize_t)len;
		if (r == -1 && errno == EAGAIN) {
			if (deadline_now() < write_until)
				return;
			errno = ETIMEDOUT;
		}
		if (r == -1 && errno != EINTR)
			lose_client(errno);
		else if (r > 0)
			replied += (size_t)r;
	}
	reply.len = replied = 0;
}

/* Wait until something can be done. */
static void
await(void)
{
	struct pollfd polled[2 + FLIGHT_POLLED + FORWARDING_MAX];
	int64_t until = flight_poll(&post.flight, polled + 2);
	int64_t at = forwarding_poll(&post.forwarding, polled + 2 + FLIGHT_POLLED);

	polled[0] = (struct pollfd){.fd = may_read() ? 0 : -1, .events = POLLIN};
	polled[1] =
	    (struct pollfd){.fd = replied < reply.len ? 1 : -1, .events = POLLOUT};
	if (at < until)
		until = at;
	if (may_read() && job_feed_is_cut(&feed) && read_until < until)
		until = read_until;
	if (replied < reply.len && write_until < until)
		until = write_until;
	deadline_poll(polled, sizeof(polled) / sizeof(*polled), until);
	if (polled[0].revents != 0)
		read_jobs();
}

int
main(int argc, char **argv)
{
	errmsg_iam("local-deliver");
	if (argc > 1 && argv[1][0] == '-')
		die(DEFER, "usage: local-deliver [sink [arg ...]]");
	home_enter();
	control_need_me(&post.me);
	umask(022);
	/* a limit on file sizes or a sink gone is an error of one delivery, not our end
	 */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	owner_begin();
	order_post_begin(&post, argc > 1 ? (const char *const *)argv + 1 : queue);
	log_hold();

	for (;;) {
		do {
			take_jobs();
			if (count > 0 && write_error == 0 &&
			    flight_is_orphaned(&post.flight))
				lose_client(ECONNRESET);
			write_answers();
		} while (write_error == 0 ? deliver() : finish_orphans());
		write_answers();
		if (count == 0 && reply.len == 0 && (feed.ended || read_error != 0))
			break;
		await();
	}
	errno = write_error != 0 ? write_error : read_error;
	if (errno != 0)
		diesys(DEFER,
		    write_error != 0 ? "unable to answer" : "unable to read a job");
	return ACCEPT;
}
