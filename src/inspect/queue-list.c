/* queue-list: show what is in the queue. */

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/entrance.h"
#include "inspect/list_counts.h"
#include "inspect/list_entry.h"
#include "inspect/list_json.h"
#include "inspect/list_order.h"
#include "inspect/screen.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/choice.h"
#include "queue/ledger_part.h"
#include "queue/paused.h"
#include "queue/place.h"
#include "queue/route.h"

#define USAGE                                                                            \
	"usage: queue-list [-cj] [-s age|size|tries|sender|next] [ID...] "               \
	"[NAME=VALUE...]"

static stralloc out, picked;
static int as_json, as_counts;
static struct choice choice;
static struct ledger ledger;
static struct list_counts counts;
static struct list_order order;
static struct paused paused;
static struct route route;
static int64_t now;
static int verdict = ACCEPT;

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
			 (order.key = list_order_key_named(optarg)) != LIST_UNSORTED)
			continue;
		else
			die(DEFER, USAGE);
	wrong = choice_take(&choice, argv + optind, &word);
	if (wrong != NULL)
		die(DEFER, word, ": ", wrong);
}

static void
put_message(struct list_entry *e)
{
	struct history_last *last = history_make(e->file);

	e->last = last;
	if (history_read(e->file, last) == -1) {
		carpsys("unable to read ", e->id);
		verdict_worsen(&verdict, DEFER);
	} else if (as_json)
		list_json_put(&out, e);
	else
		list_entry_put_text(&out, e);
	history_free(e->file, last);
}

/* The recipients that are meant, if any are. */
static void
take_message(const struct file *f, const char *id, int64_t place)
{
	struct list_entry e = {
	    .id = id, .place = place_name(place), .now = now, .file = f};
	size_t n;

	text_room(&picked, f->envelope.count);
	n = choice_pick(&choice, f, id, place, now, picked.s);
	if (n == 0)
		return;
	e.next = place > 0 ? place : 0;
	e.picked = picked.s;
	e.others = f->envelope.count - n;
	if (as_counts)
		list_counts_add(&counts, &e, choice_asks_state(&choice));
	else if (order.key != LIST_UNSORTED && !order.is_sorted)
		list_order_add(&order, &e, place);
	else
		put_message(&e);
}

static void
put_foreign(int64_t place, const char *name, const char *why)
{
	if (as_counts || (order.key != LIST_UNSORTED && order.is_sorted) ||
	    !choice_takes_foreign(&choice, place))
		return;
	if (as_json)
		list_json_put_foreign(&out, place_name(place), name, why);
	else
		list_entry_put_foreign_text(&out, place_name(place), name, why);
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
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why = "unreadable";

	place_path(path, place, name);
	if (file_open(&f, path, FILE_GLANCE, &why) == 1) {
		why = "another file has the same ID";
		file_close(&f);
	}
	put_foreign(place, name, why);
	return 1;
}

/* A file that has gone since its name was read has been moved on by queue-run. */
static int
list_file(void *context, int64_t place, const char *name)
{
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why = "not named by a message ID";
	int r = 0;

	(void)context;
	if (place == PLACE_BAD && is_twin(name))
		return list_twin(place, name);
	if (place == PLACE_BAD && ledger_part_is(name))
		why = "a part of the journal that could not be read";
	if (queueid_is(name) && !choice_may_mean(&choice, name, place, now))
		return 1;
	if (queueid_is(name))
		r = ledger_open(&ledger, &f, place, name, FILE_GLANCE, &why);
	if (r == 1) {
		take_message(&f, name, place);
		file_close(&f);
	} else if (r == 0)
		put_foreign(place, name, why);
	else if (errno == ENOENT)
		return 0;
	else {
		place_path(path, place, name);
		carpsys("unable to read ", path);
		verdict_worsen(&verdict, DEFER);
	}
	screen_write(&out, SCREEN_FULL);
	return 1;
}

static void
list_in_order(void)
{
	list_order_sort(&order);
	for (size_t i = 0; i < order.count; ++i) {
		const struct list_item *item = &order.items[i];

		if (!list_file(NULL, item->place, item->id))
			walk_to(item->id, list_file, NULL);
	}
}

static int
is_paused(const char *domain)
{
	enum route_channel channel;
	static stralloc address;

	if (paused_names(&paused, domain))
		return 1;
	if (!paused.channels[ROUTE_LOCAL] && !paused.channels[ROUTE_REMOTE])
		return 0;
	address.len = 0;
	text_cat(&address, "@", domain, (char *)NULL);
	text_terminate(&address);
	return route_find(&route, address.s, &channel) && paused.channels[channel];
}

static void
put_pauses(void)
{
	if (paused_read(&paused) == -1) {
		carpsys("unable to read control/paused");
		verdict_worsen(&verdict, DEFER);
	}
	if (paused.channels[ROUTE_LOCAL] || paused.channels[ROUTE_REMOTE])
		route_refresh(&route);
	if (as_json)
		return;
	for (int i = 0; i < ROUTE_CHANNELS; ++i)
		if (paused.channels[i])
			text_cat(&out, "paused: all ",
			    i == ROUTE_LOCAL ? "local" : "remote", " mail\n",
			    (char *)NULL);
	for (size_t i = 0; i < paused.domains.len; i += strlen(paused.domains.s + i) + 1)
		text_cat(&out, "paused: ", paused.domains.s + i, "\n", (char *)NULL);
	list_counts_put_heading(&out);
}

static void
put_counts(void)
{
	struct list_count **list = list_counts_list(&counts);

	put_pauses();
	for (; *list != NULL; ++list) {
		(*list)->is_paused = is_paused((*list)->domain);
		if (as_json)
			list_counts_put_json(&out, *list);
		else
			list_counts_put_text(&out, *list, now);
		screen_write(&out, SCREEN_FULL);
	}
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-list");
	take_arguments(argc, argv);
	home_enter();
	entrance_take(0);
	now = time(NULL);

	verdict_worsen(&verdict, choice_visit(&choice, &ledger, list_file, NULL));
	if (order.key != LIST_UNSORTED)
		list_in_order();
	if (as_counts)
		put_counts();
	screen_write(&out, 1);
	return verdict;
}
