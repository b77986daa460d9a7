#include <string.h>

#include "lib/sink.h"
#include "onward/answer.h"
#include "onward/forward_envelope.h"
#include "onward/forwarding.h"

#define SMALL 65536 /* bytes of a message that may be in memory */

void
forwarding_init(struct forwarding *fs, const char *const *sink)
{
	size_t i;

	memset(fs, 0, sizeof(*fs));
	fs->sink = sink;
	for (i = 0; i < FORWARDING_MAX; i++)
		forward_talk_init(&fs->places[i].talk, sink_service_path(sink));
}

struct forwarding_place *
forwarding_take(struct forwarding *fs)
{
	size_t i;

	for (i = 0; i < FORWARDING_MAX; i++)
		if (fs->places[i].stage == FORWARDING_NONE)
			return &fs->places[i];
	return NULL;
}

/* Returns 0, or -1 with errno. */
static int
begin_talk(struct forwarding_place *p, const struct forward_part *part)
{
	struct forward *f = &p->forward;
	off_t length = forward_length(f), done = 0;
	char *buf = forward_talk_begin(&p->talk, f->id, (size_t)length);
	stralloc envelope = {0};
	ssize_t r;

	for (; done < length; done += r) {
		r = forward_read(f, done, buf + done, (size_t)(length - done));
		if (r == -1)
			return -1;
	}
	forward_envelope_put(&envelope, f, part);
	forward_talk_end(&p->talk, (size_t)length, envelope.s, envelope.len);
	stralloc_free(&envelope);
	return 0;
}

/* Go on to the next part, if there is one. */
static void
begin_part(struct forwarding *fs, struct forwarding_place *p)
{
	const struct forward_part *part = forward_next(&p->forward);
	int is_small = forward_length(&p->forward) <= SMALL;
	int is_talk = is_small && sink_service_path(fs->sink) != NULL, r;

	p->stage = FORWARDING_OVER;
	if (part == NULL)
		return;
	r = is_talk ? begin_talk(p, part)
		    : forward_child_begin(&p->child, &p->forward, part, fs->sink);
	if (r == -1)
		answer_trouble(&p->forward.answer, "forward");
	else
		p->stage = is_talk ? FORWARDING_TALK : FORWARDING_CHILD;
}

void
forwarding_begin(struct forwarding *fs, struct forwarding_place *p, struct users *users)
{
	p->stage = FORWARDING_OVER;
	if (forward_begin(&p->forward, users) == 0)
		begin_part(fs, p);
}

/* Returns whether the part is over. */
static int
go_on(struct forwarding_place *p)
{
	int verdict, r;

	if (p->stage == FORWARDING_CHILD)
		return forward_child_go_on(&p->child, &p->forward);
	r = forward_talk_go_on(&p->talk, &verdict);
	if (r == 1)
		forward_judge(&p->forward, verdict, p->talk.words.s);
	else if (r == -1)
		answer_trouble(&p->forward.answer, "reach the queue's service");
	return r != 0;
}

static int
is_under_way(const struct forwarding_place *p)
{
	return p->stage == FORWARDING_TALK || p->stage == FORWARDING_CHILD;
}

void
forwarding_turn(struct forwarding *fs)
{
	size_t i;

	for (i = 0; i < FORWARDING_MAX; i++) {
		struct forwarding_place *p = &fs->places[i];

		while (is_under_way(p) && go_on(p))
			begin_part(fs, p);
	}
}

struct forwarding_place *
forwarding_over(struct forwarding *fs)
{
	size_t i;

	for (i = 0; i < FORWARDING_MAX; i++)
		if (fs->places[i].stage == FORWARDING_OVER)
			return &fs->places[i];
	return NULL;
}

void
forwarding_give_back(struct forwarding_place *p)
{
	forward_done(&p->forward);
	p->owner = NULL;
	p->stage = FORWARDING_NONE;
}

void
forwarding_abort(struct forwarding *fs, const void *owner)
{
	size_t i;

	for (i = 0; i < FORWARDING_MAX; i++) {
		struct forwarding_place *p = &fs->places[i];

		if (p->stage == FORWARDING_NONE || p->owner != owner)
			continue;
		if (p->stage == FORWARDING_TALK)
			forward_talk_abort(&p->talk);
		if (p->stage == FORWARDING_CHILD)
			forward_child_abort(&p->child);
		forwarding_give_back(p);
	}
}

int64_t
forwarding_poll(const struct forwarding *fs, struct pollfd *polled)
{
	int64_t until = INT64_MAX;
	size_t i;

	for (i = 0; i < FORWARDING_MAX; i++) {
		const struct forwarding_place *p = &fs->places[i];

		polled[i] = (struct pollfd){.fd = -1};
		if (p->stage == FORWARDING_CHILD)
			polled[i] = (struct pollfd){.fd = p->child.fd, .events = POLLIN};
		else if (p->stage == FORWARDING_TALK)
			polled[i] = forward_talk_poll(&p->talk, &until);
	}
	return until;
}
