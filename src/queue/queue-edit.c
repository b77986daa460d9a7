/* queue-edit: retry, hold, release, remove, bounce, redirect and pause what is queued. */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/address.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/admin_log.h"
#include "queue/edit_act.h"
#include "queue/edit_busy.h"
#include "queue/edit_pause.h"
#include "queue/queue_choice.h"
#include "queue/queue_place.h"

#define USAGE                                                                            \
	"usage: queue-edit [-n] [-m words] [-w seconds] "                                \
	"retry|hold|release|remove|bounce "                                              \
	"ID...|NAME=VALUE...|all\n"                                                      \
	"       queue-edit [-n] [-w seconds] redirect OLD NEW [ID...|NAME=VALUE...]\n"   \
	"       queue-edit pause|resume local|remote|DOMAIN..."
#define WAIT_MAX 86400 /* seconds */

static const struct edit_act *act;
static struct edit_message message; /* what is the same for all of them */
static struct queue_choice choice;
static struct edit_busy busy;
static struct edit_folders folders;
static stralloc picked;
static int is_dry;
static unsigned wait_seconds = 10;
static int64_t now;
static size_t messages, recipients;
static int verdict = ACCEPT;

static void
fail(int how)
{
	if (how > verdict)
		verdict = how;
}

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
	if (!words[0] || !words[1])
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
	wrong = queue_choice_take(&choice, words, &word);
	if (wrong)
		die(DEFER, word, ": ", wrong);
	if (!message.from && !choice.all && choice.count == 0 &&
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
	fail(REJECT);
}

static void
say(const char *verb, const char *id, const char *what)
{
	static stralloc out;

	out.len = 0;
	text_cat(&out, verb, id, what ? " " : "", (char *)0);
	if (what)
		text_cat_printable(&out, what, strlen(what), strlen(what));
	text_cat(&out, "\n", (char *)0);
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write");
}

static void
say_plan(const struct edit_message *m)
{
	static stralloc verb;

	verb.len = 0;
	text_cat(&verb, "would ", act->name, " ", (char *)0);
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
edit_message(struct queue_file *f, const char *id, int64_t place)
{
	struct edit_message m = message;
	const char *why = edit_act_refuses(act, place);
	size_t met;

	m.id = id;
	m.place = place;
	m.file = f;
	m.folders = &folders;
	if (!stralloc_ready(&picked, f->envelope.count))
		die(DEFER, "out of memory");
	m.picked = picked.s;
	if (queue_choice_pick(&choice, f, id, place, now, picked.s) == 0) {
		refuse(id, "not what the other words say");
		return;
	}
	met = count_met(&m);
	if (why || (met == 0 && !edit_act_ends(act, &m))) {
		refuse(id, why ? why : "no such recipient is waiting");
		return;
	}
	if (is_dry)
		say_plan(&m);
	else if (edit_act_do(act, &m) == -1) {
		fail(DEFER);
		return;
	}
	++messages;
	recipients += met;
}

/* Each message is locked, read, changed and unlocked before the next one. */
static int
visit(void *context, int64_t place, const char *name)
{
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why;
	int r;

	(void)context;
	if (!queueid_is(name) ||
	    (choice.count == 0 && !queue_choice_may_mean(&choice, name, place, now)))
		return 1;
	queue_path(path, place, name);
	r = queue_file_open(
	    &f, path, QUEUE_FILE_GLANCE | (is_dry ? 0 : QUEUE_FILE_LOCK), &why);
	if (r == 1) {
		edit_message(&f, name, place);
		queue_file_close(&f);
	} else if (r == 0) {
		refuse(name, why);
	} else if (errno == EWOULDBLOCK) {
		edit_busy_put(&busy, name);
	} else if (errno == ENOENT) {
		return 0;
	} else {
		carpsys("unable to open ", path);
		fail(DEFER);
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
	    recipients == 1 ? " recipient" : " recipients", (char *)0);
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
		fail(DEFER);
	if (admin_log_sync() == -1) {
		carpsys("unable to write to log/admin/current");
		fail(DEFER);
	}
}

static void
edit_messages(char **words)
{
	take_choice(words);
	if (!message.words)
		message.words = act->words;
	home_enter();
	if (!is_dry && admin_log_open() == -1)
		diesys(DEFER, "unable to log to log/admin/current");
	fail(queue_choice_visit(&choice, visit, NULL));
	fail(edit_busy_wait(&busy, wait_seconds, choice.count > 0, visit));
	put_on_disk();
	say_sum();
}

static void
change_pauses(int is_resumed, char **words)
{
	if (!*words || is_dry || message.words)
		die(DEFER, USAGE);
	for (char **word = words; *word; ++word)
		if (!edit_pause_knows(*word))
			die(DEFER, *word, ": neither local nor remote nor a domain");
	home_enter();
	if (admin_log_open() == -1)
		diesys(DEFER, "unable to log to log/admin/current");
	for (; *words; ++words)
		fail(edit_pause(*words, is_resumed, message.admin));
}

int
main(int argc, char **argv)
{
	const char *verb;

	errmsg_iam("queue-edit");
	take_options(argc, argv);
	argv += optind;
	verb = *argv ? *argv++ : "";
	message.admin = admin_log_name();
	now = time(NULL);
	umask(007);
	signal(SIGPIPE, SIG_IGN);

	act = edit_act_named(verb);
	if (act)
		edit_messages(argv);
	else if (strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0)
		change_pauses(strcmp(verb, "resume") == 0, argv);
	else
		die(DEFER, USAGE);
	return verdict;
}
