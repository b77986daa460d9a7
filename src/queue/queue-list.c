/* queue-list: show the messages in the queue. */

#include <dirent.h>
#include <errno.h>
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
#include "queue/list_entry.h"
#include "queue/queue_buckets.h"
#include "queue/queue_place.h"

#define FLUSH_AT 32768

static stralloc out;
static int as_json;
static int verdict = ACCEPT;

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
complain(const char *path)
{
	carpsys("unable to read ", path);
	verdict = DEFER;
}

static void
put_message(const struct queue_file *f, const char *id, const char *place, int64_t next)
{
	struct queue_last *last = queue_history_make(f);
	struct list_entry entry = {id, place, time(NULL), next, f, last};

	if (queue_history_read(f, last) == -1)
		complain(id);
	else if (as_json)
		list_entry_put_json(&out, &entry);
	else
		list_entry_put_text(&out, &entry);
	queue_history_free(f, last);
}

/* A file that has gone since its name was read has been moved on by queue-run. */
static void
list_file(const char *folder, const char *name, const char *place, int64_t next)
{
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why = "not named by a message ID";
	int r = 0;

	strcpy(stpcpy(stpcpy(path, folder), "/"), name);
	if (queueid_is(name))
		r = queue_file_open(&f, path, 0, &why);
	if (r == 1) {
		put_message(&f, name, place, next);
		queue_file_close(&f);
	} else if (r == 0 && as_json)
		list_entry_put_foreign_json(&out, place, name, why);
	else if (r == 0)
		list_entry_put_foreign_text(&out, place, name, why);
	else if (errno != ENOENT)
		complain(path);
	flush(FLUSH_AT);
}

static void
list_folder(const char *folder, const char *place, int64_t next)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir) {
		/* a bucket that has been emptied meanwhile, no folder for what is held */
		if (errno != ENOENT || strcmp(place, "new") == 0)
			complain(folder);
		return;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			list_file(folder, entry->d_name, place, next);
	closedir(dir);
}

static void
list_buckets(void)
{
	struct queue_buckets buckets = {0};
	char path[QUEUE_PATH_MAX];

	if (queue_buckets_scan(&buckets) == -1)
		complain("queue/later");
	for (size_t i = 0; i < buckets.count; ++i) {
		queue_bucket_path(path, buckets.list[i].time);
		list_folder(path, "later", buckets.list[i].time);
	}
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-list");
	if (argc == 2 && strcmp(argv[1], "-j") == 0)
		as_json = 1;
	else if (argc != 1)
		die(DEFER, "usage: queue-list [-j]");
	home_enter();

	list_folder("queue/new", "new", 0);
	list_buckets();
	list_folder("queue/hold", "hold", 0);
	list_folder("queue/bad", "bad", 0);
	flush(1);
	return verdict;
}
