#include "queue/bounce_failure.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_journal.h"

#define SAID "] said: "

struct collection {
	const struct queue_file *file;
	struct bounce_failure *all; /* by recipient */
};

static void
take(void *context, const struct queue_entry *entry)
{
	struct collection *c = context;
	struct bounce_failure *failure;

	if (entry->index >= c->file->envelope.count || entry->state == 'B')
		return;
	failure = &c->all[entry->index];
	failure->time = entry->time;
	failure->tries += entry->state == 'Z';
	failure->status.len = failure->text.len = 0;
	text_catb(&failure->status, entry->status, entry->status_len);
	text_terminate(&failure->status);
	text_catb(&failure->text, entry->text, entry->text_len);
	text_terminate(&failure->text);
}

size_t
bounce_failures(const struct queue_file *f, struct bounce_failure **list)
{
	struct collection c = {.file = f};
	size_t n = 0;

	c.all = calloc(f->envelope.count, sizeof *c.all);
	if (!c.all)
		die(DEFER, "out of memory");
	if (queue_journal_read(f->fd, queue_header_end(&f->header), f->size, take, &c) ==
	    -1)
		return -1;
	for (size_t i = 0; i < f->envelope.count; ++i)
		if (f->recipients[i].state == 'D') {
			c.all[n] = c.all[i];
			c.all[n++].recipient = i;
		}
	*list = c.all;
	return n;
}

void
bounce_words_parse(struct bounce_words *words, const char *text)
{
	const char *said = strstr(text, SAID), *host;

	words->host = NULL;
	words->host_len = 0;
	words->reply = text;
	if (!said)
		return;
	for (host = said; host > text && host[-1] != ' '; --host)
		;
	words->host = host;
	words->host_len = strcspn(host, "[");
	if (words->host_len == 0 || host + words->host_len > said)
		words->host = NULL;
	words->reply = said + sizeof SAID - 1;
}

static const struct {
	const char *status; /* all that begin so */
	const char *advice;
} advices[] = {
    {"5.1.2", "Please check the part of the address behind the @ for mistakes."},
    {"5.1.3", "Please check the address for mistakes."},
    {"5.1.10", "That domain accepts no mail at all."},
    {"5.1.8", "The recipient's server does not accept your own address as sender."},
    {"5.1",
	"Please check the address for mistakes; such a mailbox does not exist there."},
    {"5.2.2", "The mailbox is full.  Please tell the recipient by another way."},
    {"5.2.3", "The message is too large for the recipient.  Please send less at once."},
    {"5.3.4", "The message is too large for the recipient's server.  Please send less at "
	      "once."},
    {"5.4.6",
	"The message went round in circles; the postmasters concerned should know."},
    {"5.7", "The recipient's server does not want this message.  Only its postmaster can "
	    "tell "
	    "more."},
    {"4.4.7",
	"Please send it again later, or ask the recipient by another way whether their "
	"mail works."},
    {"5.4.7", "Please send it again later."},
    {"", "If this does not tell you what to do, please ask our postmaster."},
};

const char *
bounce_advice(const char *status)
{
	size_t i = 0, len;

	for (;; ++i) {
		len = strlen(advices[i].status);
		if (strncmp(status, advices[i].status, len) == 0 &&
		    (len == 0 || status[len] == '\0' || status[len] == '.'))
			return advices[i].advice;
	}
}
