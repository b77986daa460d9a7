/* queue-list: show what is in the queue. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/durable.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/list_counts.h"
#include "queue/list_entry.h"
#include "queue/list_order.h"
#include "queue/queue_choice.h"
#include "queue/queue_paused.h"
#include "queue/queue_place.h"
#include "queue/queue_route.h"

#define FLUSH_AT 32768
#define USAGE                                                                            \
	"usage: queue-list [-cj] [-s age|size|tries|sender|next] [ID...] "               \
	"[NAME=VALUE...]"

static stralloc out, picked;
static int as_json, as_counts;
static struct queue_choice choice;
static struct list_counts counts;
static struct list_order order;
static struct queue_paused paused;
static struct queue_route route;
static int64_t now;
static int verdict = ACCEPT;

static void
fail(int how)
{
	if (how > verdict)
		verdict = how;
}

static void
flush(size_t at)
{
	if (out.len < at)
		return;
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write");
	out.len = 0;
}

static void
take_arguments(int argc, char **argv)
{
	const char *wrong, *word;
	int option;

	while ((option = getopt(argc, argv, "+cjs:")) != -1)
		if (option == 'c')
			as_counts = 1;
		else if (option == 'j')
			as_json = 1;
		else if (option == 's' &&
			 (order.key = list_key_named(optarg)) != LIST_UNSORTED)
			continue;
		else
			die(DEFER, USAGE);
	wrong = queue_choice_take(&choice, argv + optind, &word);
	if (wrong)
		die(DEFER, word, ": ", wrong);
}

static void
put_message(struct list_entry *e)
{
	struct queue_last *last = queue_history_make(e->file);

	e->last = last;
	if (queue_history_read(e->file, last) == -1) {
		carpsys("unable to read ", e->id);
		fail(DEFER);
	} else if (as_json)
		list_entry_put_json(&out, e);
	else
		list_entry_put_text(&out, e);
	queue_history_free(e->file, last);
}

/* The recipients that are meant, if any are. */
static void
take_message(const struct queue_file *f, const char *id, int64_t place)
{
	struct list_entry e = {
	    .id = id, .place = queue_place_name(place), .now = now, .file = f};
	size_t n;

	if (!stralloc_ready(&picked, f->envelope.count))
		die(DEFER, "out of memory");
	n = queue_choice_pick(&choice, f, id, place, now, picked.s);
	if (n == 0)
		return;
	e.next = place > 0 ? place : 0;
	e.picked = picked.s;
	e.others = f->envelope.count - n;
	if (as_counts)
		list_counts_add(&counts, &e, queue_choice_asks_state(&choice));
	else if (order.key != LIST_UNSORTED && !order.is_sorted)
		list_order_add(&order, &e, place);
	else
		put_message(&e);
}

static void
put_foreign(int64_t place, const char *name, const char *why)
{
	if (as_counts || (order.key != LIST_UNSORTED && order.is_sorted) ||
	    !queue_choice_takes_foreign(&choice, place))
		return;
	if (as_json)
		list_entry_put_foreign_json(&out, queue_place_name(place), name, why);
	else
		list_entry_put_foreign_text(&out, queue_place_name(place), name, why);
}

/* ID.1, ID.2 and so on: moved to queue/bad when there was another one of this ID. */
static int
is_twin(const char *name)
{
	char id[QUEUEID_LEN + 1] = {0};

	strncpy(id, name, QUEUEID_LEN);
	return queueid_is(id) && name[QUEUEID_LEN] == '.';
}

static int
list_twin(int64_t place, const char *name)
{
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why = "unreadable";

	queue_path(path, place, name);
	if (queue_file_open(&f, path, QUEUE_FILE_GLANCE, &why) == 1) {
		why = "another file has the same ID";
		queue_file_close(&f);
	}
	put_foreign(place, name, why);
	return 1;
}

/* A file that has gone since its name was read has been moved on by queue-run. */
static int
list_file(void *context, int64_t place, const char *name)
{
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why = "not named by a message ID";
	int r = 0;

	(void)context;
	if (place == QUEUE_BAD && is_twin(name))
		return list_twin(place, name);
	if (queueid_is(name) && !queue_choice_may_mean(&choice, name, place, now))
		return 1;
	queue_path(path, place, name);
	if (queueid_is(name))
		r = queue_file_open(&f, path, QUEUE_FILE_GLANCE, &why);
	if (r == 1) {
		take_message(&f, name, place);
		queue_file_close(&f);
	} else if (r == 0)
		put_foreign(place, name, why);
	else if (errno == ENOENT)
		return 0;
	else {
		carpsys("unable to read ", path);
		fail(DEFER);
	}
	flush(FLUSH_AT);
	return 1;
}

static void
list_in_order(void)
{
	list_order_sort(&order);
	for (size_t i = 0; i < order.count; ++i) {
		const struct list_item *item = &order.items[i];

		if (!list_file(NULL, item->place, item->id))
			queue_walk_to(item->id, list_file, NULL);
	}
}

static int
is_paused(const char *domain)
{
	enum queue_channel_name channel;
	static stralloc address;

	if (queue_paused_names(&paused, domain))
		return 1;
	if (!paused.channels[QUEUE_LOCAL] && !paused.channels[QUEUE_REMOTE])
		return 0;
	address.len = 0;
	text_cat(&address, "@", domain, (char *)0);
	text_terminate(&address);
	return queue_route_find(&route, address.s, &channel) && paused.channels[channel];
}

static void
put_pauses(void)
{
	if (queue_paused_read(&paused) == -1) {
		carpsys("unable to read control/paused");
		fail(DEFER);
	}
	if (paused.channels[QUEUE_LOCAL] || paused.channels[QUEUE_REMOTE])
		queue_route_refresh(&route);
	if (as_json)
		return;
	for (int i = 0; i < QUEUE_CHANNELS; ++i)
		if (paused.channels[i])
			text_cat(&out, "paused: all ",
			    i == QUEUE_LOCAL ? "local" : "remote", " mail\n", (char *)0);
	for (size_t i = 0; i < paused.domains.len; i += strlen(paused.domains.s + i) + 1)
		text_cat(&out, "paused: ", paused.domains.s + i, "\n", (char *)0);
	list_count_put_heading(&out);
}

static void
put_counts(void)
{
	struct list_count **list = list_counts_list(&counts);

	put_pauses();
	for (; *list; ++list) {
		(*list)->is_paused = is_paused((*list)->domain);
		if (as_json)
			list_count_put_json(&out, *list);
		else
			list_count_put_text(&out, *list, now);
		flush(FLUSH_AT);
	}
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-list");
	take_arguments(argc, argv);
	home_enter();
	now = time(NULL);

	fail(queue_choice_visit(&choice, list_file, NULL));
	if (order.key != LIST_UNSORTED)
		list_in_order();
	if (as_counts)
		put_counts();
	flush(1);
	return verdict;
}
