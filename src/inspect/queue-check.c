/* queue-check: verify every file in the queue, and repair what can be repaired. */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "inspect/check.h"
#include "inspect/check_folders.h"
#include "inspect/check_journal.h"
#include "inspect/check_message.h"
#include "inspect/check_twin.h"
#include "inspect/entrance.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/ledger_part.h"
#include "queue/place.h"
#include "queue/walk.h"

#define USAGE "usage: queue-check [-r] [-w seconds]"
#define PATIENCE_MAX 3600

static struct progress progress = {.what = "files looked at"};
static struct check check = {.patience = 10000};

static void
take_arguments(int argc, char **argv)
{
	unsigned long long seconds;
	int option;

	opterr = 0;
	while ((option = getopt(argc, argv, "+rw:")) != -1) {
		if (option == 'r')
			check.repair = 1;
		else if (option == 'w' &&
			 text_number(optarg, strlen(optarg), PATIENCE_MAX, &seconds))
			check.patience = seconds * 1000;
		else
			die(DEFER, USAGE);
	}
	if (optind != argc)
		die(DEFER, USAGE);
}

/* Without it there is nothing to be looked at. */
static void
need_queue(void)
{
	struct stat st;

	if (stat("queue", &st) == -1)
		diesys(DEFER, "unable to look at ", home_path(), "/queue");
}

/* An injector that is still at work has written to its file not long ago. */
static void
check_unfinished(int64_t place, const char *name)
{
	char path[PLACE_PATH_MAX];
	struct stat st;

	place_path(path, place, name);
	if (lstat(path, &st) == 0 && time(NULL) - st.st_mtime >= CHECK_OLD)
		check_condemn(
		    &check, name, place, "left unfinished by an injector that is gone");
}

static int
visit(void *context, int64_t place, const char *name)
{
	progress_step(&progress);
	if (place == PLACE_BAD) {
		if (ledger_part_is(name))
			check_journal_part(name);
		return 1;
	}
	if (strncmp(name, "tmp.", 4) == 0) {
		check_unfinished(place, name);
		return 1;
	}
	if (!queueid_is(name)) {
		check_condemn(&check, name, place, "not named by a message ID");
		return 1;
	}
	if (!check_message(context, place, name))
		return 0;
	if (bloom_meet(&check.seen, name))
		check_twin(&check, name);
	return 1;
}

static void
tell_end(void)
{
	char messages[DECIMAL_MAX], found[DECIMAL_MAX], repaired[DECIMAL_MAX];

	log_event(NULL, "checked", "messages", text_decimal(messages, check.messages),
	    "found", text_decimal(found, check.found), "repaired",
	    text_decimal(repaired, check.repaired), (char *)NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-check");
	take_arguments(argc, argv);
	home_enter();
	umask(007);
	need_queue();
	entrance_take(check.repair);

	check_folders(&check);
	check_folders_buckets(&check);
	check.began = time(NULL);
	check_journal(&check);
	if (walk(visit, &check) == -1)
		check.trouble = 1;
	progress_clear(&progress);
	tell_end();
	if (check.repair && entrance_leave() == -1)
		check.trouble = 1;
	if (check.trouble)
		return DEFER;
	return check.found > 0 ? REJECT : ACCEPT;
}
