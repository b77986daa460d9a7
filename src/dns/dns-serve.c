/* dns-serve: ask the DNS for the other services, and remember what it said. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "dns/guests.h"
#include "dns/questions.h"
#include "dns/upstream.h"
#include "lib/clients_most.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/home.h"
#include "lib/ready.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: dns-serve [-l clients]"
#define CLIENTS 1000

static struct guests guests;

/* Wait for something to do, and do it.  Returns 0, or -1 with errno. */
static int
turn(struct pollfd *pollers)
{
	struct pollfd *upstream = pollers + guests.count + 1;
	int wait, of_upstream;
	struct guest *guest;
	int64_t left;
	size_t n;

	if (guests.closed_until <= deadline_now())
		guests.closed_until = 0;
	guests_polled(&guests, pollers, 0);
	n = upstream_polled(upstream);
	left = questions_next() - deadline_now();
	wait = left > 1000 ? 1000 : left < 0 ? 0 : (int)left;
	if (questions_next() == INT64_MAX && guests.closed_until == 0)
		wait = -1;
	of_upstream = upstream_wait();
	if (of_upstream != -1 && (wait == -1 || of_upstream < wait))
		wait = of_upstream;
	if (poll(pollers, guests.count + 1 + n, wait) == -1)
		return errno == EINTR ? 0 : -1;
	upstream_process(upstream, n);
	questions_expire(deadline_now());
	if (guests_hear(&guests, pollers, 0, questions_take) == -1)
		return -1;
	guests_say(&guests);
	while ((guest = guests_gone(&guests)) != NULL) {
		questions_forget(guest);
		guests_free(guest);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct pollfd *pollers;
	size_t most;

	errmsg_iam("dns-serve");
	most = clients_most_take(argc, argv, CLIENTS, USAGE);
	home_enter();
	if (questions_begin() == -1)
		diesys(DEFER, "unable to get random bytes");
	guests_begin(&guests, most);
	pollers = heap_make(most + 1 + UPSTREAM_POLLED_MAX, sizeof(*pollers));
	ready_tell();
	while (turn(pollers) == 0)
		;
	diesys(DEFER, "unable to serve the socket");
}
