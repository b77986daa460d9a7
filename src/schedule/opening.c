#include "schedule/opening.h"
#include "lib/log.h"
#include "lib/text.h"
#include "schedule/admission.h"
#include "schedule/keep.h"
#include "schedule/sender.h"

/* It may have been moved since. */
int
opening_is_known(struct scheduler *s, int64_t bucket, const char *id)
{
	struct backlog_waiter *w = backlog_find(&s->backlog, id);
	struct message *m = active_find(&s->active, id);

	if (w != NULL)
		w->bucket = bucket;
	if (m != NULL && !message_is_file(m))
		m->has_twin = 1;
	return w != NULL || m != NULL;
}

int
opening_waits(struct scheduler *s, struct message *m, int is_taken)
{
	struct backlog_waiter w;
	int r = keep_back(s, m);

	if (r == 1)
		removed_move(&s->removed);
	if (r != 0 || is_taken || admission_for(s, m, &w))
		return r;
	backlog_put(&s->backlog, &w, 0);
	return 1;
}

static void
log_start(const struct message *m)
{
	char size[DECIMAL_MAX], count[DECIMAL_MAX], tries[DECIMAL_MAX];

	log_event(m->id, "start", "from", m->file.envelope.sender, "rcpts",
	    text_decimal(count, m->file.envelope.count), "bytes",
	    text_decimal(size, m->file.header.message), "tries",
	    text_decimal(tries, m->file.tries), (char *)NULL);
}

enum message_state
opening_begin(struct message *m)
{
	log_start(m);
	return sender_is_owed_first(m) ? MESSAGE_OWING : MESSAGE_ROUTING;
}

enum message_state
opening_admit(struct scheduler *s, struct message *m)
{
	struct backlog_waiter w;
	int r;

	if (!message_is_file(m))
		return keep_wants(s, m) || !admission_for(s, m, &w) ||
			       sender_is_owed_first(m)
			   ? MESSAGE_FILING
			   : opening_begin(m);
	r = opening_waits(s, m, 0);
	if (r == 0)
		return opening_begin(m);
	return r == 1 ? MESSAGE_GONE : MESSAGE_STUCK;
}
