/* dns-serve: ask the DNS for the other services, and remember what it said. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "dns/guests.h"
#include "dns/questions.h"
#include "dns/upstream.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: dns-serve [-l clients]"
#define CLIENTS 1000
#define CLIENTS_MAX 65536

static unsigned long long most = CLIENTS;
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

static void
take_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+l:")) != -1)
		if (option != 'l' ||
		    !text_number(optarg, strlen(optarg), CLIENTS_MAX, &most) || most == 0)
			die(DEFER, USAGE);
	if (optind != argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	struct pollfd *pollers;

	errmsg_iam("dns-serve");
	take_arguments(argc, argv);
	home_enter();
	if (questions_begin() == -1)
		diesys(DEFER, "unable to get random bytes");
	guests_begin(&guests, (size_t)most);
	pollers = heap_make((size_t)most + 1 + UPSTREAM_POLLED_MAX, sizeof(*pollers));
	if (write(1, "\n", 1) == -1)
		diesys(DEFER, "unable to tell that we are ready");
	close(1);
	while (turn(pollers) == 0)
		;
	diesys(DEFER, "unable to serve the socket");
}
