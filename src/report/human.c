#include <string.h>

#include "lib/datetime.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "report/bounce_orcpt.h"
#include "report/field.h"
#include "report/human.h"
#include "report/words.h"

static int
is_double(const struct bounce *b)
{
	return b->file.envelope.sender[0] == '\0';
}

const char *
human_subject(const struct bounce *b)
{
	if (is_double(b))
		return "Undeliverable bounce";
	if (bounce_has(b, "failed"))
		return "Undelivered mail returned to sender";
	if (b->delays)
		return "Delayed mail, still being tried";
	return bounce_has(b, "delivered") ? "Your mail has been delivered"
					  : "Your mail has been passed on";
}

static void
put(stralloc *sa, const char *text)
{
	field_put_paragraph(sa, "", "", text);
	text_cat(sa, "\n", (char *)NULL);
}

/*
 * Whether it is about a failure is told by its first words: programs that know qmail's
 * bounces take each that begins with "Hi. This is the" for one.
 */
static void
put_greeting(stralloc *sa, const struct bounce *b)
{
	stralloc line = {0};
	char date[DATETIME_MAX];

	text_cat(&line, bounce_has(b, "failed") ? "Hi. " : "",
	    "This is the mail system at ", b->me.s, ".", (char *)NULL);
	if (b->original_id != NULL)
		text_cat(&line, " It is about your message of ",
		    datetime_rfc5322(date, queueid_time(b->original_id) / 1000000), ".",
		    (char *)NULL);
	text_terminate(&line);
	put(sa, line.s);
	stralloc_free(&line);
}

/* Who wrote to an alias, or was redirected, does not know where it leads. */
static void
put_original(stralloc *sa, const struct bounce *b, size_t i, const char *indent)
{
	const struct envelope *e = &b->file.envelope;
	struct bounce_orcpt original = {0};

	if (bounce_orcpt_of(&original, &b->file, i) &&
	    strcasecmp(original.address.s, e->recipients[i].address) != 0) {
		text_cat(sa, indent, "(you wrote to ", (char *)NULL);
		field_put_line(sa, original.address.s, 1);
		text_cat(sa, ")\n", (char *)NULL);
	}
	bounce_orcpt_free(&original);
}

static void
put_failure(stralloc *sa, const struct bounce *b, size_t i)
{
	text_cat(sa, "<", (char *)NULL);
	field_put_line(sa, b->file.envelope.recipients[i].address, 1);
	text_cat(sa, ">:\n", (char *)NULL);
	put_original(sa, b, i, "  ");
	field_put_paragraph(sa, "  ", "  ", b->last[i].outcome.text.s);
	field_put_paragraph(sa, "  ", "  ", words_advice(b->last[i].outcome.status));
}

/* Indented, so that nobody takes the address for one that has failed. */
static void
put_address(stralloc *sa, const struct bounce *b, size_t i)
{
	const struct outcome *o = &b->last[i].outcome;

	text_cat(sa, "  ", (char *)NULL);
	field_put_line(sa, b->file.envelope.recipients[i].address, 1);
	text_cat(sa, "\n", (char *)NULL);
	put_original(sa, b, i, "    ");
	if (b->delays)
		field_put_paragraph(sa, "    ", "    ", o->text.s);
	else if (o->parts.success == *OUTCOME_RELAYED)
		field_put_paragraph(sa, "    ", "    ", o->text.s + o->parts.own);
}

static void
put_section(stralloc *sa, const struct bounce *b, struct tries *const *tries,
    const char *action, const char *words)
{
	size_t n = b->file.envelope.count;

	if (!bounce_has(b, action))
		return;
	put(sa, words);
	for (size_t i = bounce_next(b, 0); i < n; i = bounce_next(b, i + 1)) {
		if (strcmp(bounce_action(b, i), action) != 0)
			continue;
		if (strcmp(action, "failed") == 0)
			put_failure(sa, b, i);
		else
			put_address(sa, b, i);
		tries_put(sa, tries, i);
		text_cat(sa, "\n", (char *)NULL);
	}
}

static void
put_delays(stralloc *sa, const struct bounce *b, struct tries *const *tries)
{
	stralloc words = {0};
	char date[DATETIME_MAX];

	text_cat(&words,
	    "Your message has not reached the following addresses yet.  This is "
	    "only a warning: there is no need to send it again.  I go on trying until ",
	    datetime_rfc5322(date, bounce_tried_until(b)),
	    ", and tell you if I have to give up.", (char *)NULL);
	text_terminate(&words);
	put_section(sa, b, tries, "delayed", words.s);
	stralloc_free(&words);
}

static void
put_successes(stralloc *sa, const struct bounce *b, struct tries *const *tries)
{
	put_section(sa, b, tries, "delivered",
	    "As you asked to be told: your message is in the mailboxes of the following "
	    "addresses.");
	put_section(sa, b, tries, "relayed",
	    "As you asked to be told: your message has been handed over to the mail "
	    "servers of the following addresses.  They don't report deliveries, so you "
	    "will hear no more of it unless it fails.");
	put_section(sa, b, tries, "expanded",
	    "As you asked to be told: your message goes on to the several recipients for "
	    "whom the following addresses stand.  You will hear no more of it unless it "
	    "fails.");
}

static void
put_copy_words(stralloc *sa, const struct bounce *b)
{
	const struct original *o = &b->original;

	if (!o->whole && o->unfit)
		put(sa,
		    "Your message can't be sent back as it is: it holds null bytes, bare "
		    "carriage returns or lines longer than mail allows.  Its header is "
		    "attached.");
	else if (!o->whole)
		put(sa, "Only the header of your message is attached.");
	if (o->cut)
		put(sa, "That header is too large: its end is left out.");
	if (bounce_has(b, "failed"))
		put(sa, "--- Below this line is a copy of the message.");
}

void
human_put(stralloc *sa, const struct bounce *b, struct tries *const *tries)
{
	put_greeting(sa, b);
	put_section(sa, b, tries, "failed",
	    is_double(b)
		? "I tried to deliver a bounce message to the following addresses, "
		  "but it could not be delivered either."
		: "I'm sorry to have to tell you that your message could not be "
		  "delivered to the following addresses.  I've given up on them; "
		  "what their servers said stands below each.");
	put_delays(sa, b, tries);
	put_successes(sa, b, tries);
	put_copy_words(sa, b);
}
