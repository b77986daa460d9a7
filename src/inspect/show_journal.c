#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect/show_journal.h"
#include "inspect/show_text.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "queue/journal.h"

struct show_journal {
	const struct file *file;
	stralloc line;   /* as much as has been read of it */
	stralloc *names; /* of recipients who have got another address so far */
};

/* What the letter says, before the status and the text. */
static const char *
words_of(char letter)
{
	switch (letter) {
	case 'K':
		return "is delivered:";
	case 'Z':
		return "is deferred:";
	case 'D':
		return "has failed:";
	case 'B':
		return "is reported to the sender, in message";
	case 'W':
		return "is late, which is reported to the sender, in message";
	case 'X':
		return "is removed by the admin:";
	case 'A':
		return "gets by the admin the address";
	default:
		return "is to be tried at once, says the admin:";
	}
}

/* The recipient's address as it was then. */
static void
put_recipient(stralloc *sa, const struct show_journal *j, size_t index)
{
	const struct file *f = j->file;
	char n[DECIMAL_MAX];

	if (index >= f->envelope.count)
		text_cat(sa, "recipient ", text_decimal(n, index),
		    ", which there is not,", (char *)NULL);
	else if (j->names[index].len > 0)
		show_text(sa, j->names[index].s, j->names[index].len, 0, 1);
	else if (f->recipients[index].original != NULL)
		show_text_word(sa, f->recipients[index].original);
	else
		show_text_word(sa, f->envelope.recipients[index].address);
}

static void
put_entry(stralloc *sa, struct show_journal *j, const struct journal_entry *entry)
{
	show_text_time(sa, entry->time);
	text_cat(sa, "  ", (char *)NULL);
	put_recipient(sa, j, entry->index);
	text_cat(sa, " ", words_of(entry->state), " ", (char *)NULL);
	if (entry->status_len != 1 || *entry->status != '-') {
		show_text(sa, entry->status, entry->status_len, 0, 1);
		text_cat(sa, " ", (char *)NULL);
	}
	show_text(sa, entry->text, entry->text_len, 0, 1);
	if (entry->state == 'A' && entry->index < j->file->envelope.count) {
		j->names[entry->index].len = 0;
		text_catb(&j->names[entry->index], entry->text, entry->text_len);
	}
}

static void
put_line(stralloc *sa, struct show_journal *j, int torn)
{
	struct journal_entry entry;

	text_cat(sa, "    ", (char *)NULL);
	if (!torn && journal_parse(&entry, j->line.s, j->line.len)) {
		put_entry(sa, j, &entry);
	} else {
		text_cat(sa, torn ? "cut off, does not count: " : "not understood: ",
		    (char *)NULL);
		show_text(sa, j->line.s, j->line.len, 0, 1);
	}
	text_cat(sa, "\n", (char *)NULL);
	j->line.len = 0;
}

/* Of a line that is too long to be one of ours its beginning is enough. */
static void
keep(stralloc *line, const char *s, size_t len)
{
	size_t room = line->len < JOURNAL_LINE_MAX ? JOURNAL_LINE_MAX - line->len : 0;

	text_catb(line, s, len < room ? len : room);
}

static int
put_lines(stralloc *sa, struct show_journal *j, void (*put)(void))
{
	uint64_t offset = header_end(&j->file->header);
	char buf[16384];
	ssize_t r;

	while ((r = pread(j->file->fd, buf, sizeof buf, offset)) != 0) {
		const char *s = buf, *end, *newline;

		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		end = buf + r;
		offset += r;
		while ((newline = memchr(s, '\n', end - s)) != NULL) {
			keep(&j->line, s, newline - s);
			put_line(sa, j, 0);
			put();
			s = newline + 1;
		}
		keep(&j->line, s, end - s);
	}
	if (j->line.len > 0)
		put_line(sa, j, 1);
	return 0;
}

int
show_journal(stralloc *sa, const struct file *f, void (*put)(void))
{
	struct show_journal j = {.file = f};
	int r;

	j.names = heap_make(f->envelope.count, sizeof *j.names);
	r = put_lines(sa, &j, put);
	for (size_t i = 0; i < f->envelope.count; ++i)
		stralloc_free(&j.names[i]);
	free(j.names);
	stralloc_free(&j.line);
	return r;
}
