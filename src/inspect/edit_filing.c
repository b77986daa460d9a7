#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "inspect/edit_filing.h"
#include "lib/deadline.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/asking.h"
#include "queue/place.h"

#define PATIENCE 10000 /* milliseconds until a file is in its place */
#define PAUSE 20       /* milliseconds between two looks */

/* Its new place may be some moments away. */
static int
visit_file(const char *id, int by_name, walk_visit *visit)
{
	int64_t until = deadline_now() + PATIENCE;
	char path[PLACE_PATH_MAX];
	int r, waits;

	place_path(path, PLACE_JOURNAL, id);
	for (;;) {
		waits = access(path, F_OK) == 0;
		r = walk_to(id, visit, NULL);
		if (r != 0 || !waits || deadline_now() >= until)
			break;
		nanosleep(&(struct timespec){0, PAUSE * 1000000L}, NULL);
	}
	if (r != 0)
		return r == 1 ? ACCEPT : DEFER;
	carp(id, waits ? ": its file does not leave queue/journal"
		       : ": has left the queue meanwhile");
	return waits ? DEFER : by_name ? REJECT : ACCEPT;
}

static void
tell_alone(size_t count)
{
	char n[DECIMAL_MAX];

	if (errno == ENOENT || errno == ECONNREFUSED)
		carp(text_decimal(n, count),
		    count == 1 ? " message stands" : " messages stand",
		    " only in the journal of queue-serve, which does not run, and can't "
		    "be changed there: start it (s6-svc -u service/accept), try again");
	else
		carpsys("unable to connect to run/queue.sock");
}

/* A question on each line, then the answers. */
static int
ask_some(const struct edit_ids *f, size_t from, size_t n, struct asking *asking,
    int by_name, walk_visit *visit)
{
	int verdict = ACCEPT;

	for (size_t i = 0; i < n; ++i)
		asking_say(asking, i, f->ids[from + i]);
	for (size_t i = 0; i < n; ++i)
		verdict_worsen(
		    &verdict, asking_hear(asking, i, f->ids[from + i]) == 0
				  ? visit_file(f->ids[from + i], by_name, visit)
				  : DEFER);
	if (verdict != ACCEPT)
		asking_close(asking);
	return verdict;
}

int
edit_filing_ask(const struct edit_ids *f, int by_name, walk_visit *visit)
{
	struct asking asking = {.count = 0};
	int verdict = ACCEPT;
	size_t n;

	for (size_t at = 0; at < f->count; at += n) {
		n = asking_open(&asking, f->count - at);
		if (n == 0) {
			tell_alone(f->count - at);
			verdict_worsen(&verdict, DEFER);
			break;
		}
		verdict_worsen(&verdict, ask_some(f, at, n, &asking, by_name, visit));
	}
	asking_close(&asking);
	return verdict;
}
