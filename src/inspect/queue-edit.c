/* queue-edit: retry, hold, release, remove, bounce, redirect and pause what is queued. */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/admin_log.h"
#include "inspect/edit_act.h"
#include "inspect/edit_busy.h"
#include "inspect/edit_filing.h"
#include "inspect/edit_pause.h"
#include "inspect/entrance.h"
#include "inspect/pause_file.h"
#include "inspect/screen.h"
#include "lib/address.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/choice.h"
#include "queue/place.h"

#define USAGE                                                                            \
	"usage: queue-edit [-n] [-m words] [-w seconds] "                                \
	"retry|hold|release|remove|bounce "                                              \
	"ID...|NAME=VALUE...|all\n"                                                      \
	"       queue-edit [-n] [-w seconds] redirect OLD NEW [ID...|NAME=VALUE...]\n"   \
	"       queue-edit pause|resume local|remote|DOMAIN..."
#define WAIT_MAX 86400 /* seconds */

static const struct edit_act *act;
static struct edit_message message; /* what is the same for all of them */
static struct choice choice;
static struct ledger ledger;
static struct edit_ids busy, filing;
static struct edit_folders folders;
static stralloc picked;
static int is_dry;
static unsigned wait_seconds = 10;
static int64_t now;
static size_t messages, recipients;
static int verdict = ACCEPT;

static void
take_options(int argc, char **argv)
{
	unsigned long long n;
	int option;

	while ((option = getopt(argc, argv, "+nm:w:")) != -1)
		if (option == 'n')
			is_dry = 1;
		else if (option == 'm')
			message.words = optarg;
		else if (option == 'w' &&
			 text_number(optarg, strlen(optarg), WAIT_MAX, &n))
			wait_seconds = n;
		else
			die(DEFER, USAGE);
}

static char **
take_redirection(char **words)
{
	if (words[0] == NULL || words[1] == NULL)
		die(DEFER, USAGE);
	if (!address_is_mailbox(words[1], strlen(words[1])))
		die(DEFER, words[1], ": not an address");
	message.from = words[0];
	message.to = words[1];
	return words + 2;
}

/* Nothing is done to all messages because a word was forgotten. */
static void
take_choice(char **words)
{
	const char *wrong, *word;

	if (strcmp(act->name, "redirect") == 0)
		words = take_redirection(words);
	wrong = choice_take(&choice, words, &word);
	if (wrong != NULL)
		die(DEFER, word, ": ", wrong);
	if (message.from == NULL && !choice.all && choice.count == 0 &&
	    choice.selector.count == 0)
		die(DEFER, "which messages? IDs, NAME=VALUE or all\n" USAGE);
}

/* Something is the matter with a message: of interest if it was named. */
static void
refuse(const char *id, const char *why)
{
	if (choice.count == 0)
		return;
	carp(id, ": ", why);
	verdict_worsen(&verdict, REJECT);
}

static void
say(const char *verb, const char *id, const char *what)
{
	static stralloc out;

	out.len = 0;
	text_cat(&out, verb, id, what != NULL ? " " : "", (char *)NULL);
	if (what != NULL)
		text_cat_printable(&out, what, strlen(what), strlen(what));
	text_cat(&out, "\n", (char *)NULL);
	screen_write(&out, 1);
}

static void
say_plan(const struct edit_message *m)
{
	static stralloc verb;

	verb.len = 0;
	text_cat(&verb, "would ", act->name, " ", (char *)NULL);
	text_terminate(&verb);
	for (size_t i = 0; i < m->file->envelope.count; ++i)
		if (edit_act_meets(act, m, i))
			say(verb.s, m->id, m->file->envelope.recipients[i].address);
}

static size_t
count_met(const struct edit_message *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->file->envelope.count; ++i)
		n += edit_act_meets(act, m, i);
	return n;
}

static void
edit_message(struct file *f, const char *id, int64_t place)
{
	struct edit_message m = message;
	const char *why = edit_act_refuses(act, place);
	size_t met;

	m.id = id;
	m.place = place;
	m.file = f;
	m.folders = &folders;
	text_room(&picked, f->envelope.count);
	m.picked = picked.s;
	if (choice_pick(&choice, f, id, place, now, picked.s) == 0) {
		refuse(id, "not what the other words say");
		return;
	}
	met = count_met(&m);
	if (why != NULL || (met == 0 && !edit_act_ends(act, &m))) {
		refuse(id, why != NULL ? why : "no such recipient is waiting");
		return;
	}
	if (!is_dry && place == PLACE_JOURNAL) {
		edit_ids_put(&filing, id);
		return;
	}
	if (is_dry)
		say_plan(&m);
	else if (edit_act_do(act, &m) == -1) {
		verdict_worsen(&verdict, DEFER);
		return;
	}
	++messages;
	recipients += met;
}

/*
 * Each message is locked, read, changed and unlocked before the next one.  One that is in
 * the journal is only looked at, and comes again when it is a file.
 */
static int
visit(void *context, int64_t place, const char *name)
{
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why;
	int flags = FILE_GLANCE, r;

	(void)context;
	if (!queueid_is(name) ||
	    (choice.count == 0 && !choice_may_mean(&choice, name, place, now)))
		return 1;
	if (!is_dry && place != PLACE_JOURNAL)
		flags |= FILE_LOCK;
	r = ledger_open(&ledger, &f, place, name, flags, &why);
	if (r == 1) {
		edit_message(&f, name, place);
		file_close(&f);
	} else if (r == 0) {
		refuse(name, why);
	} else if (errno == EWOULDBLOCK) {
		edit_ids_put(&busy, name);
	} else if (errno == ENOENT) {
		return 0;
	} else {
		place_path(path, place, name);
		carpsys("unable to open ", path);
		verdict_worsen(&verdict, DEFER);
	}
	return 1;
}

static void
say_sum(void)
{
	static stralloc sum;
	char n[DECIMAL_MAX], k[DECIMAL_MAX];

	text_cat(&sum, is_dry ? "would " : "", act->name, ": ", text_decimal(n, messages),
	    messages == 1 ? " message, " : " messages, ", text_decimal(k, recipients),
	    recipients == 1 ? " recipient" : " recipients", (char *)NULL);
	text_terminate(&sum);
	say("", sum.s, NULL);
}

/* What is said to be done is done, whatever comes. */
static void
put_on_disk(void)
{
	if (is_dry)
		return;
	if (edit_folders_sync(&folders) == -1)
		verdict_worsen(&verdict, DEFER);
	if (entrance_leave() == -1)
		verdict_worsen(&verdict, DEFER);
}

static void
edit_messages(char **words)
{
	take_choice(words);
	if (message.words == NULL)
		message.words = act->words;
	home_enter();
	entrance_take(!is_dry);
	verdict_worsen(&verdict, choice_visit(&choice, &ledger, visit, NULL));
	verdict_worsen(&verdict, edit_filing_ask(&filing, choice.count > 0, visit));
	verdict_worsen(
	    &verdict, edit_busy_wait(&busy, wait_seconds, choice.count > 0, visit));
	put_on_disk();
	say_sum();
}

static void
change_pauses(int is_resumed, char **words)
{
	if (*words == NULL || is_dry || message.words != NULL)
		die(DEFER, USAGE);
	for (char **word = words; *word != NULL; ++word)
		if (!pause_file_knows(*word))
			die(DEFER, *word, ": neither local nor remote nor a domain");
	home_enter();
	verdict_worsen(&verdict, edit_pause(words, is_resumed, message.admin));
}

int
main(int argc, char **argv)
{
	const char *verb;

	errmsg_iam("queue-edit");
	take_options(argc, argv);
	argv += optind;
	verb = *argv != NULL ? *argv++ : "";
	message.admin = admin_log_name();
	now = time(NULL);
	umask(007);
	signal(SIGPIPE, SIG_IGN);

	act = edit_act_named(verb);
	if (act != NULL)
		edit_messages(argv);
	else if (strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0)
		change_pauses(strcmp(verb, "resume") == 0, argv);
	else
		die(DEFER, USAGE);
	return verdict;
}
