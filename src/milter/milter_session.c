#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "milter/milter_packet.h"
#include "milter/milter_session.h"

#define END_FACTOR 10     /* times as long, for the end of a message */
#define CHANGES_MAX 10000 /* but for pieces of a body */

/* What the milter knew is gone with it.  Returns -1. */
static int
forget(struct milter_session *t)
{
	t->state = (struct milter_session_state){0};
	return -1;
}

static int
lose(struct milter_session *t, const char *why)
{
	milter_channel_lose(&t->channel, why);
	return forget(t);
}

static int
judge(struct milter_session *t, char command, const char *s, size_t len)
{
	int verdict = milter_answer_judge(command, s, len, &t->reply);

	errno = 0;
	return verdict != -1 ? verdict
			     : lose(t, "the milter gives an answer that is none");
}

int
milter_session_spares(const struct milter_session *t, uint32_t step)
{
	return ((t->state.options.steps | t->state.skipped) & step) != 0;
}

int
milter_session_say(struct milter_session *t)
{
	return milter_channel_send(&t->channel) == -1 ? forget(t) : 0;
}

int
milter_session_ask(struct milter_session *t, uint32_t step, uint32_t quiet)
{
	int64_t at = milter_channel_due(&t->channel, 1);
	const char *s;
	size_t len;
	char command;

	if (milter_session_say(t) == -1)
		return -1;
	if (t->state.options.steps & quiet)
		return MILTER_VERDICT_NONE;
	do
		if (milter_channel_hear(&t->channel, at, &command, &s, &len) == -1)
			return forget(t);
	while (command == MILTER_PROGRESS);
	if (command == MILTER_SKIP)
		t->state.skipped |= step;
	return judge(t, command, s, len);
}

int
milter_session_open(struct milter_session *t, const char *address)
{
	forget(t);
	if (milter_channel_open(&t->channel, address) == -1 ||
	    milter_options_agree(&t->state.options, &t->channel) == -1)
		return -1;
	t->state.stage = MILTER_SESSION_OPEN;
	return 0;
}

void
milter_session_put_macros(
    struct milter_session *t, enum milter_macros_stage stage, char command)
{
	milter_macros_put(
	    &t->channel.out, &t->state.options.macros, stage, command, &t->message);
}

int
milter_session_note(
    struct milter_session *t, int verdict, enum milter_session_stage stage, int is_of_all)
{
	if (verdict == -1)
		return -1;
	if (verdict == MILTER_VERDICT_ACCEPTED || verdict == MILTER_VERDICT_DISCARDED) {
		t->state.is_done_with_all |= is_of_all;
		t->state.is_done_with_message = 1;
		t->state.is_discarded |= verdict == MILTER_VERDICT_DISCARDED;
	}
	if (verdict != MILTER_VERDICT_REFUSED && t->state.stage < stage)
		t->state.stage = stage;
	return verdict;
}

static int
is_change(char command)
{
	return strchr("himb+2-eq", command) != NULL && command != '\0';
}

int
milter_session_end(struct milter_session *t,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose)
{
	int64_t due = milter_channel_due(&t->channel, END_FACTOR);
	unsigned changes = 0;
	const char *s;
	size_t len;
	char command;

	if (milter_session_say(t) == -1)
		return -1;
	for (;;) {
		if (milter_channel_hear(&t->channel, due, &command, &s, &len) == -1)
			return forget(t);
		errno = 0;
		if (command == MILTER_PROGRESS) {
			due = milter_channel_due(&t->channel, END_FACTOR);
		} else if (!is_change(command)) {
			return judge(t, command, s, len);
		} else if (command != MILTER_REPLACE_BODY && ++changes > CHANGES_MAX) {
			return lose(t, "the milter wants too many changes");
		} else if (!each(whose, command, s, len)) {
			return lose(t, "the milter wants a change that is none");
		}
	}
}

void
milter_session_close(struct milter_session *t)
{
	stralloc *out = &t->channel.out;

	if (t->channel.fd == -1)
		return;
	milter_packet_end(out, milter_packet_begin(out, MILTER_SAY_QUIT));
	if (milter_channel_send(&t->channel) == 0)
		close(t->channel.fd);
	t->channel.fd = -1;
}
