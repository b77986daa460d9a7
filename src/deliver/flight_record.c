#include <errno.h>

#include "deliver/flight_record.h"
#include "lib/deadline.h"
#include "onward/origin.h"

/* Milliseconds for a service that is away: it may be starting; or whose disk is slow. */
#define PATIENCE 5000
#define PATIENCE_WRITTEN 20000 /* where the work would be lost */

/* Has it waited for the service long enough? */
static int
is_late(struct deposit *p)
{
	int64_t now = deadline_now();

	if (p->ask_until == 0)
		p->ask_until =
		    now + (p->stage == DEPOSIT_ASKING ? PATIENCE : PATIENCE_WRITTEN);
	return now >= p->ask_until;
}

/* Without a record nothing would tell the next try that its reader has seen it. */
static void
give_up(struct deposit *p)
{
	p->delivery.failed = "keep a record of the message in";
	errno = EAGAIN;
	deposit_give_up(p);
}

/*
 * All that wait for the record, which is there; or the service says that it has no room
 * for it yet, which others make that it has; or nobody knows, and the next service is
 * asked for it, too.
 */
static size_t
end_record(struct flight *f, int heard, char answer)
{
	size_t i, n = 0;

	if (heard == 1 && answer != 'K')
		recorder_pause(&f->service);
	for (i = 0; i < f->made; i++) {
		struct deposit *p = f->list[i];

		if (p->stage != DEPOSIT_RECORDING)
			continue;
		/* one that was asked before, and gave no answer, may have kept it */
		if (heard != 1)
			p->is_doubted = 1;
		else if (answer != 'K' && !p->is_doubted)
			p->is_recorded = 0;
		n++;
		if (heard == 1 && answer == 'K')
			p->stage = DEPOSIT_READY;
		else if (is_late(p))
			give_up(p);
		else
			p->stage = DEPOSIT_SYNCED;
	}
	return n;
}

/* What has become of what the service was asked. */
static size_t
hear(struct flight *f)
{
	struct deposit *p = f->asked;
	char answer;
	int r;

	if (!f->service.is_asked)
		return 0;
	r = recorder_hear(&f->service, &answer);
	if (r == 0)
		return 0;
	f->asked = NULL;
	if (p == NULL)
		return end_record(f, r, answer);
	if (p->stage == DEPOSIT_CONFIRMING) {
		p->is_confirmed = r == 1 || is_late(p);
		p->stage = r == 1 && (answer == '1' || answer == '2') ? DEPOSIT_TAKEN
								      : DEPOSIT_SYNCED;
	} else if (r == 1 && answer >= '0' && answer <= '2') {
		p->said = answer;
		p->ask_until = 0;
		p->stage = DEPOSIT_FRESH;
	} else if (r == 1) {
		errno = EBUSY;
		deposit_end(p, -1);
	}
	return 1;
}

/* One that is to be asked about, the oldest first. */
static struct deposit *
find_asking(const struct flight *f)
{
	struct deposit *p = NULL;
	size_t i;

	for (i = 0; i < f->made; i++)
		if ((f->list[i]->stage == DEPOSIT_ASKING ||
			f->list[i]->stage == DEPOSIT_CONFIRMING) &&
		    (p == NULL || f->list[i]->number < p->number))
			p = f->list[i];
	return p;
}

/* Then it is over. */
static int
is_too_late(struct deposit *p)
{
	if (!is_late(p))
		return 0;
	errno = EAGAIN;
	deposit_end(p, -1);
	return 1;
}

/* The service can't be asked.  Returns whether it is not waited for. */
static int
go_without(const struct flight *f, struct deposit *p)
{
	if (p->stage == DEPOSIT_CONFIRMING) {
		p->stage = DEPOSIT_SYNCED;
		return is_late(p);
	}
	if (f->service.state == RECORDER_NONE) {
		/* nothing was ever recorded */
		p->said = '0';
		p->stage = DEPOSIT_FRESH;
		return 1;
	}
	return is_too_late(p);
}

static size_t
ask(struct flight *f)
{
	struct deposit *p = find_asking(f);

	if (p == NULL || f->service.is_asked)
		return 0;
	p->delivery.failed = "ask whether it has been delivered before to";
	if (recorder_state(&f->service) != RECORDER_UP)
		return (size_t)go_without(f, p);
	if (p->stage == DEPOSIT_ASKING && is_too_late(p))
		return 1;
	recorder_ask(&f->service, p->job->id, origin_id(p->job), p->mailbox.s);
	f->asked = p;
	return 1;
}

/*
 * A file that has its name in tmp is locked, and nobody else makes the same: what has
 * been recorded by now has been seen.
 */
static int
is_to_confirm(const struct flight *f, const struct deposit *p)
{
	return !p->is_confirmed && !p->is_recorded && p->said != '1' && p->said != '2' &&
	       (deposit_may_be_there(p) || p->connection != f->service.connections);
}

/* What is done with one that has been synced.  Returns whether it got further. */
static int
record_one(struct flight *f, struct deposit *p, int orphaned)
{
	if (orphaned && !p->is_recorded) {
		/* it is another's by now, who may have done all of it: records end, too
		 */
		p->delivery.failed = "keep the message in";
		errno = ECONNRESET;
		deposit_end(p, -1);
	} else if (!p->is_prepared || f->service.state == RECORDER_NONE) {
		p->stage = DEPOSIT_READY;
	} else if (f->service.state == RECORDER_AWAY) {
		/* it will be back, and what was under way with it comes again */
		if (!is_late(p))
			return 0;
		give_up(p);
	} else if (is_to_confirm(f, p)) {
		p->stage = DEPOSIT_CONFIRMING;
	} else {
		is_late(p);
		recorder_add(&f->service, p->job->id, origin_id(p->job), p->mailbox.s);
		p->is_recorded = 1;
		p->stage = DEPOSIT_RECORDING;
	}
	return 1;
}

static size_t
record(struct flight *f)
{
	size_t i, n = 0;
	int orphaned;

	if (f->service.is_asked || deadline_now() < f->service.retry_at)
		return 0;
	for (i = 0; i < f->made; i++)
		n += f->list[i]->stage == DEPOSIT_SYNCED;
	if (n == 0)
		return 0;
	recorder_state(&f->service);
	orphaned = flight_is_orphaned(f);
	for (n = i = 0; i < f->made && !recorder_is_full(&f->service); i++)
		if (f->list[i]->stage == DEPOSIT_SYNCED)
			n += (size_t)record_one(f, f->list[i], orphaned);
	if (f->service.record.len > 0)
		recorder_record(&f->service);
	return n;
}

size_t
flight_record_turn(struct flight *f)
{
	size_t n = hear(f);

	n += record(f);
	n += ask(f);
	return n;
}
