#include <string.h>
#include <unistd.h>

#include "accept/errands.h"
#include "accept/handover.h"
#include "lib/text.h"

#define ID_AT 1 /* in most requests, behind the letter */
#define AFTER_ID (ID_AT + QUEUEID_LEN)
#define WINDOW_MAX 1000000
#define SOUGHT_MAX 10000 /* milliseconds for which a tool waits for its file */

#define FULL_MAX 5000 /* milliseconds for which the journal may be full */

#define ANSWER_CROWDED "Ztoo many deliveries are prepared (#4.3.1)"
#define ANSWER_BUSY "Zthe message is still being worked on (#4.3.0)"

/* The message ID that a request names behind its letter.  Returns 0, or -1. */
static int
take_id(const stralloc *text, char id[QUEUEID_LEN + 1])
{
	if (text->len < AFTER_ID)
		return -1;
	memcpy(id, text->s + ID_AT, QUEUEID_LEN);
	id[QUEUEID_LEN] = '\0';
	return queueid_is(id) ? 0 : -1;
}

static void
lose_scheduler(struct service *s)
{
	s->scheduler = NULL;
	s->alone_since = s->now;
	s->retry_at = 0;
	s->sweep = s->unsure = 1;
	unsettled_take_back(&s->batch.unsettled);
}

void
errands_leave(struct service *s, struct guest *g)
{
	if (g == s->scheduler)
		lose_scheduler(s);
	guest_leave(&s->guests, g);
}

/* A new one is there because the old one is no more, though we may not have heard. */
static int
schedule(struct service *s, struct guest *g, const stralloc *text)
{
	struct guest *old = s->scheduler;
	unsigned long long window;

	if (!text_number(text->s + 1, text->len - 1, WINDOW_MAX, &window))
		return -1;
	if (old != NULL && old != g)
		errands_leave(s, old);
	s->scheduler = g;
	s->window = window;
	guest_tell(&s->guests, g, "K");
	return 0;
}

static int
settle(struct service *s, struct guest *g, const stralloc *text)
{
	char id[QUEUEID_LEN + 1];

	(void)g;
	if (take_id(text, id) == -1 || text->len != AFTER_ID)
		return -1;
	batch_settle(&s->batch, id);
	return 0;
}

/* Its file is complete; when the record is settled it may go to its place. */
static int
settle_file(struct service *s, struct guest *g, const stralloc *text)
{
	char answer[1 + QUEUEID_LEN + 1] = "F";

	if (take_id(text, answer + 1) == -1 || text->len != AFTER_ID)
		return -1;
	batch_filed(&s->batch, answer + 1);
	batch_promise(&s->batch, g, answer);
	return 0;
}

static int
keep_lines(struct service *s, struct guest *g, const stralloc *text)
{
	struct unsettled *u;
	char id[QUEUEID_LEN + 1];

	(void)g;
	if (take_id(text, id) == -1 || text->len == AFTER_ID || text->s[AFTER_ID] != '\0')
		return -1;
	u = unsettled_find(&s->batch.unsettled, id);
	if (u != NULL)
		batch_lines(
		    &s->batch, u, text->s + AFTER_ID + 1, text->len - AFTER_ID - 1);
	return 0;
}

/* ID SP MAILBOX in s[0..len): the mailbox begins where this says; 0: nonsense. */
static size_t
take_delivery(const char *s, size_t len, char id[QUEUEID_LEN + 1])
{
	if (len < QUEUEID_LEN + 2 || s[QUEUEID_LEN] != ' ' ||
	    len - QUEUEID_LEN - 1 > PREPARED_MAILBOX_MAX)
		return 0;
	memcpy(id, s, QUEUEID_LEN);
	id[QUEUEID_LEN] = '\0';
	return queueid_is(id) ? QUEUEID_LEN + 1 : 0;
}

/* With put the deliveries are prepared; else it is only seen whether they make sense. */
static int
take_deliveries(struct service *s, const stralloc *text, int put)
{
	size_t at = 1, len, mailbox;
	char id[QUEUEID_LEN + 1];
	const char *end;

	for (; at < text->len; at += len + 1) {
		end = memchr(text->s + at, '\0', text->len - at);
		if (end == NULL)
			return -1;
		len = (size_t)(end - text->s) - at;
		mailbox = take_delivery(text->s + at, len, id);
		if (mailbox == 0)
			return -1;
		/* nobody will ask about one that is done: what an alias made of it goes
		 * on
		 */
		if (put && !batch_has_done(&s->batch, id))
			batch_prepared(&s->batch, id, text->s + at + mailbox,
			    len - mailbox, s->boot);
	}
	return at == 1 ? -1 : 0;
}

static int
prepare(struct service *s, struct guest *g, const stralloc *text)
{
	if (take_deliveries(s, text, 0) == -1)
		return -1;
	batch_shed(&s->batch);
	if (!batch_has_room(&s->batch))
		service_commit(s);
	if (!batch_has_room(&s->batch) || batch_is_crowded(&s->batch)) {
		guest_tell(&s->guests, g, ANSWER_CROWDED);
		return 0;
	}
	take_deliveries(s, text, 1);
	batch_promise(&s->batch, g, "K");
	return 0;
}

/* Of two that are prepared the one that is surer counts: that of this boot. */
static int
ask_prepared(struct service *s, struct guest *g, const stralloc *text)
{
	const struct prepared *p, *found = NULL;
	size_t at = 1, len, mailbox;
	char id[QUEUEID_LEN + 1];
	const char *end;

	for (; at <= text->len; at += len + 1) {
		end = memchr(text->s + at, '\0', text->len - at);
		len = end != NULL ? (size_t)(end - text->s) - at : text->len - at;
		mailbox = take_delivery(text->s + at, len, id);
		if (mailbox == 0)
			return -1;
		p = prepared_find(
		    &s->batch.prepared, id, text->s + at + mailbox, len - mailbox);
		if (p != NULL && (found == NULL || found->boot != s->boot))
			found = p;
	}
	if (found == NULL)
		guest_tell(&s->guests, g, "K0");
	else if (found->slot == NULL)
		batch_promise(&s->batch, g, "K1");
	else
		guest_tell(&s->guests, g, found->boot == s->boot ? "K1" : "K2");
	return 0;
}

/* The scheduler makes a file of it, or, where it does not have it, we do. */
static void
want_file(struct service *s, struct unsettled *u)
{
	if (u->asked)
		return;
	u->asked = s->wanted = 1;
	if (u->handed && s->scheduler != NULL)
		handover_want(s, u);
}

static int
seek_file(struct service *s, struct guest *g, const stralloc *text)
{
	struct unsettled *u;

	if (take_id(text, g->sought) == -1 || text->len != AFTER_ID) {
		g->sought[0] = '\0';
		return -1;
	}
	u = unsettled_find(&s->batch.unsettled, g->sought);
	if (u != NULL)
		want_file(s, u);
	g->patience = s->now + SOUGHT_MAX;
	s->seekers++;
	return 0;
}

void
errands_tell(struct service *s)
{
	struct guest *g, *later;

	if (s->seekers == 0)
		return;
	s->seekers = 0;
	for (g = s->guests.first; g != NULL; g = later) {
		later = g->later;
		if (g->sought[0] == '\0')
			continue;
		if (unsettled_find(&s->batch.unsettled, g->sought) == NULL &&
		    s->settled.len == 0)
			batch_promise(&s->batch, g, "K");
		else if (s->now >= g->patience)
			guest_tell(&s->guests, g, ANSWER_BUSY);
		else {
			s->seekers++;
			continue;
		}
		g->sought[0] = '\0';
	}
}

void
errands_make_room(struct service *s)
{
	const struct slot *oldest = slots_oldest(&s->batch.slots);
	struct unsettled *u = s->batch.unsettled.first;

	int64_t since;

	if (s->crowded_since != 0 && batch_takes(&s->batch, 2 * EXCHANGE_SMALL))
		s->crowded_since = 0;
	since = s->crowded_since != 0 ? s->crowded_since : s->full_since;
	if (since == 0 || s->now - since < FULL_MAX)
		return;
	for (; u != NULL && u->slot == oldest; u = u->later)
		want_file(s, u);
}

/* Who may ask for what. */
enum right { SCHEDULER, SELF, SELF_OR_ROOT };

static int
has_right(const struct service *s, const struct guest *g, enum right right)
{
	switch (right) {
	case SCHEDULER:
		return g == s->scheduler;
	case SELF:
		return g->uid == geteuid();
	default:
		return g->uid == geteuid() || g->uid == 0;
	}
}

int
errands_obey(struct service *s, struct guest *g)
{
	static const struct errand {
		char letter;
		enum right right;
		int (*obey)(struct service *s, struct guest *g, const stralloc *text);
	} errands[] = {
	    {'S', SCHEDULER, settle},
	    {'F', SCHEDULER, settle_file},
	    {'L', SCHEDULER, keep_lines},
	    {'P', SELF_OR_ROOT, prepare},
	    {'Q', SELF_OR_ROOT, ask_prepared},
	    {'R', SELF, schedule},
	    {'X', SELF_OR_ROOT, seek_file},
	};
	const stralloc *text = &g->exchange.text;
	size_t i = 0, count = sizeof errands / sizeof *errands;

	while (i < count && errands[i].letter != *text->s)
		i++;
	if (i == count || !has_right(s, g, errands[i].right) ||
	    errands[i].obey(s, g, text) == -1)
		return -1;
	exchange_clear(&g->exchange);
	return 0;
}
