/* queue-show: show a message of the queue and what became of it. */

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
#include "queue/queue_choice.h"
#include "queue/queue_place.h"
#include "queue/show_header.h"
#include "queue/show_journal.h"
#include "queue/show_text.h"

#define FLUSH_AT 32768
#define HEADER_MAX 65536 /* bytes that are searched for fields */
#define USAGE "usage: queue-show [-b | -m] ID...|NAME=VALUE...|all"

static stralloc out, picked;
static int with_body, is_raw;
static struct queue_choice choice;
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
flush_some(void)
{
	flush(FLUSH_AT);
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
	wrong = queue_choice_take(&choice, argv + optind, &word);
	if (wrong)
		die(DEFER, word, ": ", wrong);
}

/* Show the message, or copy it; of a file that is cut meanwhile what there is. */
static void
put_message(const struct queue_file *f)
{
	uint64_t offset = QUEUE_HEADER_LEN, end = offset + f->header.message;
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
put_place(const struct queue_file *f, const char *id, int64_t place)
{
	int64_t made = queueid_time(id) / 1000000;
	char path[QUEUE_PATH_MAX];

	queue_path(path, place, id);
	text_cat(&out, "message ", id, "\n  in ", path, (char *)0);
	if (place > 0) {
		text_cat(&out, ", due ", (char *)0);
		show_time(&out, place);
		text_cat(&out, place > now ? ", in " : ", now", (char *)0);
		if (place > now)
			list_put_span(&out, place - now);
	}
	text_cat(&out, "\n  taken ", (char *)0);
	show_time(&out, made);
	text_cat(&out, ", ", (char *)0);
	list_put_span(&out, now - made);
	text_cat(&out, " ago, ", (char *)0);
	list_put_number(&out, f->header.message);
	text_cat(&out, " bytes, attempts ", (char *)0);
	list_put_number(&out, f->tries);
	text_cat(&out, "\n", (char *)0);
}

static void
put_parameter(const struct envelope_parameter *p)
{
	text_cat(&out, "      ", p->name, " ", (char *)0);
	show_word(&out, p->value);
	text_cat(&out, "\n", (char *)0);
}

static void
put_envelope(const struct queue_file *f)
{
	const struct envelope *e = &f->envelope;

	text_cat(&out, "  from <", (char *)0);
	show_word(&out, e->sender);
	text_cat(&out, ">\n", (char *)0);
	/* `again` is what we tell a delivery program, see queue_file.h */
	for (size_t i = 0; i < e->message_parameters; ++i)
		if (strcmp(e->parameters[i].name, "again") != 0)
			put_parameter(&e->parameters[i]);
	text_cat(&out, "  to\n", (char *)0);
	for (size_t i = 0; i < e->count; ++i) {
		const struct envelope_recipient *r = &e->recipients[i];

		if (!picked.s[i])
			continue;
		text_cat(&out, "    ", (char *)0);
		show_word(&out, r->address);
		text_cat(&out, ", ", queue_state_name(f->recipients[i].state),
		    ", attempts ", (char *)0);
		list_put_number(&out, f->recipients[i].tries);
		if (f->recipients[i].original) {
			text_cat(&out, ", was ", (char *)0);
			show_word(&out, f->recipients[i].original);
		}
		text_cat(&out, "\n", (char *)0);
		for (size_t k = 0; k < r->parameters; ++k)
			put_parameter(&e->parameters[r->first + k]);
		flush_some();
	}
}

static void
put_header(const struct queue_file *f)
{
	static char buf[HEADER_MAX];
	size_t want = f->header.message < sizeof buf ? f->header.message : sizeof buf;
	ssize_t r = pread(f->fd, buf, want, QUEUE_HEADER_LEN);

	text_cat(&out, "  header\n", (char *)0);
	if (r > 0)
		show_header(&out, buf, r);
}

static void
put_all(const struct queue_file *f, const char *id, int64_t place)
{
	put_place(f, id, place);
	put_envelope(f);
	if (!with_body)
		put_header(f);
	text_cat(&out, f->has_journal ? "  history\n" : "", (char *)0);
	if (show_journal(&out, f, flush_some) == -1) {
		carpsys("unable to read the journal of ", id);
		fail(DEFER);
	}
	if (!with_body)
		return;
	text_cat(&out, "\n", (char *)0);
	put_message(f);
	if (out.len > 0 && out.s[out.len - 1] != '\n')
		text_cat(&out, "\n", (char *)0);
}

static void
show(const struct queue_file *f, const char *id, int64_t place)
{
	if (!stralloc_ready(&picked, f->envelope.count))
		die(DEFER, "out of memory");
	if (queue_choice_pick(&choice, f, id, place, now, picked.s) == 0)
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
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why;
	int r;

	(void)context;
	if (!queueid_is(name) ||
	    (choice.count == 0 && !queue_choice_may_mean(&choice, name, place, now)))
		return 1;
	queue_path(path, place, name);
	r = queue_file_open(&f, path, 0, &why);
	if (r == 1) {
		show(&f, name, place);
		queue_file_close(&f);
	} else if (r == 0) {
		carp(path, ": not a message: ", why);
		fail(REJECT);
	} else if (errno == ENOENT) {
		return 0;
	} else {
		carpsys("unable to read ", path);
		fail(DEFER);
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
	now = time(NULL);

	fail(queue_choice_visit(&choice, visit, NULL));
	flush(1);
	return verdict;
}
