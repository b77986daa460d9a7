/* queue-show: show a message of the queue and what became of it. */

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/entrance.h"
#include "inspect/list_entry.h"
#include "inspect/screen.h"
#include "inspect/show_header.h"
#include "inspect/show_journal.h"
#include "inspect/show_text.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/choice.h"
#include "queue/place.h"

#define HEADER_MAX 65536 /* bytes that are searched for fields */
#define USAGE "usage: queue-show [-b | -m] ID...|NAME=VALUE...|all"

static stralloc out, picked;
static int with_body, is_raw;
static struct choice choice;
static struct ledger ledger;
static int64_t now;
static int verdict = ACCEPT;

static void
flush_some(void)
{
	screen_write(&out, SCREEN_FULL);
}

static void
take_arguments(int argc, char **argv)
{
	const char *wrong, *word;
	int option;

	while ((option = getopt(argc, argv, "+bm")) != -1)
		if (option == 'b')
			with_body = 1;
		else if (option == 'm')
			is_raw = 1;
		else
			die(DEFER, USAGE);
	if ((with_body && is_raw) || optind == argc)
		die(DEFER, USAGE);
	wrong = choice_take(&choice, argv + optind, &word);
	if (wrong != NULL)
		die(DEFER, word, ": ", wrong);
}

/* Show the message, or copy it; of a file that is cut meanwhile what there is. */
static void
put_message(const struct file *f)
{
	uint64_t offset = HEADER_LEN, end = offset + f->header.message;
	char buf[16384];
	size_t kept = 0, taken;

	while (offset < end) {
		size_t want = sizeof buf - kept;
		ssize_t r = pread(
		    f->fd, buf + kept, want < end - offset ? want : end - offset, offset);

		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			diesys(DEFER, "unable to read the message");
		offset += r;
		kept += r;
		taken = kept;
		if (is_raw)
			text_catb(&out, buf, kept);
		else
			taken = show_text(&out, buf, kept, 1, offset == end);
		kept -= taken;
		memmove(buf, buf + taken, kept);
		flush_some();
	}
}

static void
put_place(const struct file *f, const char *id, int64_t place)
{
	int64_t made = queueid_time(id) / 1000000;
	char path[PLACE_PATH_MAX];

	place_path(path, place, id);
	text_cat(&out, "message ", id, "\n  in ", path,
	    place == PLACE_JOURNAL ? ", not yet a file" : "", (char *)NULL);
	if (place > 0) {
		text_cat(&out, ", due ", (char *)NULL);
		show_text_time(&out, place);
		text_cat(&out, place > now ? ", in " : ", now", (char *)NULL);
		if (place > now)
			list_entry_put_span(&out, place - now);
	}
	text_cat(&out, "\n  taken ", (char *)NULL);
	show_text_time(&out, made);
	text_cat(&out, ", ", (char *)NULL);
	list_entry_put_span(&out, now - made);
	text_cat(&out, " ago, ", (char *)NULL);
	list_entry_put_number(&out, f->header.message);
	text_cat(&out, " bytes, attempts ", (char *)NULL);
	list_entry_put_number(&out, f->tries);
	text_cat(&out, "\n", (char *)NULL);
}

static void
put_parameter(const struct envelope_parameter *p)
{
	text_cat(&out, "      ", p->name, " ", (char *)NULL);
	show_text_word(&out, p->value);
	text_cat(&out, "\n", (char *)NULL);
}

static void
put_envelope(const struct file *f)
{
	const struct envelope *e = &f->envelope;

	text_cat(&out, "  from <", (char *)NULL);
	show_text_word(&out, e->sender);
	text_cat(&out, ">\n", (char *)NULL);
	/* `again` is what we tell a delivery program, see file.h */
	for (size_t i = 0; i < e->message_parameters; ++i)
		if (strcmp(e->parameters[i].name, "again") != 0)
			put_parameter(&e->parameters[i]);
	text_cat(&out, "  to\n", (char *)NULL);
	for (size_t i = 0; i < e->count; ++i) {
		const struct envelope_recipient *r = &e->recipients[i];

		if (!picked.s[i])
			continue;
		text_cat(&out, "    ", (char *)NULL);
		show_text_word(&out, r->address);
		text_cat(&out, ", ", choice_state_name(f->recipients[i].state),
		    ", attempts ", (char *)NULL);
		list_entry_put_number(&out, f->recipients[i].tries);
		if (f->recipients[i].original != NULL) {
			text_cat(&out, ", was ", (char *)NULL);
			show_text_word(&out, f->recipients[i].original);
		}
		text_cat(&out, "\n", (char *)NULL);
		for (size_t k = 0; k < r->parameters; ++k)
			put_parameter(&e->parameters[r->first + k]);
		flush_some();
	}
}

static void
put_header(const struct file *f)
{
	static char buf[HEADER_MAX];
	size_t want = f->header.message < sizeof buf ? f->header.message : sizeof buf;
	ssize_t r = pread(f->fd, buf, want, HEADER_LEN);

	text_cat(&out, "  header\n", (char *)NULL);
	if (r > 0)
		show_header(&out, buf, r);
}

static void
put_all(const struct file *f, const char *id, int64_t place)
{
	put_place(f, id, place);
	put_envelope(f);
	if (!with_body)
		put_header(f);
	text_cat(&out, f->has_journal ? "  history\n" : "", (char *)NULL);
	if (show_journal(&out, f, flush_some) == -1) {
		carpsys("unable to read the journal of ", id);
		verdict_worsen(&verdict, DEFER);
	}
	if (!with_body)
		return;
	text_cat(&out, "\n", (char *)NULL);
	put_message(f);
	if (out.len > 0 && out.s[out.len - 1] != '\n')
		text_cat(&out, "\n", (char *)NULL);
}

static void
show(const struct file *f, const char *id, int64_t place)
{
	text_room(&picked, f->envelope.count);
	if (choice_pick(&choice, f, id, place, now, picked.s) == 0)
		return;
	if (is_raw)
		put_message(f);
	else
		put_all(f, id, place);
}

/* The file stays the same while it is open, wherever queue-run moves it. */
static int
visit(void *context, int64_t place, const char *name)
{
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why;
	int r;

	(void)context;
	if (!queueid_is(name) ||
	    (choice.count == 0 && !choice_may_mean(&choice, name, place, now)))
		return 1;
	place_path(path, place, name);
	r = ledger_open(&ledger, &f, place, name, 0, &why);
	if (r == 1) {
		show(&f, name, place);
		file_close(&f);
	} else if (r == 0) {
		carp(path, ": not a message: ", why);
		verdict_worsen(&verdict, REJECT);
	} else if (errno == ENOENT) {
		return 0;
	} else {
		carpsys("unable to read ", path);
		verdict_worsen(&verdict, DEFER);
	}
	flush_some();
	return 1;
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-show");
	take_arguments(argc, argv);
	home_enter();
	entrance_take(0);
	now = time(NULL);

	verdict_worsen(&verdict, choice_visit(&choice, &ledger, visit, NULL));
	screen_write(&out, 1);
	return verdict;
}
