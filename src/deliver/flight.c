#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "deliver/deposit_write.h"
#include "deliver/flight.h"
#include "deliver/flight_record.h"
#include "deliver/flight_sync.h"
#include "deliver/mailbox.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/maildirname.h"
#include "onward/owner.h"

#define SPARE 192 /* descriptors for all else: jobs, and those that wait for theirs */
#define KEPT 64   /* deposits that are kept though there are none under way */
#define BITE 64   /* deposits that are written before the sync of others is seen to */

static size_t
most(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_cur <= SPARE)
		return 1;
	if (limit.rlim_cur >= SPARE + 2 * FLIGHT_MAX)
		return FLIGHT_MAX;
	return (size_t)(limit.rlim_cur - SPARE + 1) / 2;
}

void
flight_begin(struct flight *f, int client)
{
	struct stat st;

	memset(f, 0, sizeof(*f));
	f->most = most();
	f->client = fstat(client, &st) == 0 && S_ISSOCK(st.st_mode) ? client : -1;
	recorder_begin(&f->service);
}

int
flight_is_orphaned(const struct flight *f)
{
	struct pollfd polled = {.fd = f->client};

	return poll(&polled, 1, 0) > 0 && (polled.revents & POLLHUP) != 0;
}

struct deposit *
flight_take(struct flight *f)
{
	size_t i;

	for (i = 0; i < f->made; i++)
		if (f->list[i]->stage == DEPOSIT_NONE)
			return f->list[i];
	if (f->made == f->most)
		return NULL;
	return f->list[f->made++] = heap_make(1, sizeof(struct deposit));
}

void
flight_deposit(
    struct flight *f, struct deposit *p, const char *folder, uid_t uid, gid_t gid)
{
	p->place = mailbox_place_take(&f->places, folder, uid, gid);
	p->clock = &f->clock;
	p->number = ++f->clock;
	p->delivery.file.fd = -1;
	p->stage = deposit_may_be_there(p) ? DEPOSIT_ASKING : DEPOSIT_FRESH;
}

struct deposit *
flight_over(struct flight *f)
{
	size_t i;

	for (i = 0; i < f->made; i++)
		if (f->list[i]->stage == DEPOSIT_OVER)
			return f->list[i];
	return NULL;
}

/* After many at a time, the memory and the turns of the few that follow are small again.
 */
static void
shrink(struct flight *f)
{
	struct deposit *last;

	while (f->made > KEPT) {
		last = f->list[f->made - 1];
		if (last->stage != DEPOSIT_NONE)
			break;
		stralloc_free(&last->mailbox);
		stralloc_free(&last->delivery.name);
		stralloc_free(&last->delivery.head);
		free(last);
		f->made--;
	}
}

void
flight_give_back(struct flight *f, struct deposit *p)
{
	stralloc mailbox = p->mailbox, name = p->delivery.name, head = p->delivery.head;

	/* a name that is to go went as the owner; root removes none there */
	p->delivery.file.tmp[0] = '\0';
	deposit_clear(p);
	mailbox_place_leave(&f->places, p->place);
	memset(p, 0, sizeof(*p));
	p->mailbox = mailbox;
	p->delivery.name = name;
	p->delivery.head = head;
	shrink(f);
}

static int
has_owner(const struct deposit *p, const struct mailbox_place *place)
{
	return p->place->uid == place->uid && p->place->gid == place->gid;
}

/* Those of one owner from the i-th on, as him. */
static void
do_as_owner(struct flight *f, size_t i, int (*is_due)(const struct deposit *),
    void (*step)(struct deposit *))
{
	const struct mailbox_place *place = f->list[i]->place;
	struct mailbox_place *p;
	size_t k;

	for (k = i; k < f->made; k++)
		if (is_due(f->list[k]) && has_owner(f->list[k], place))
			step(f->list[k]);
	for (p = f->places; p != NULL; p = p->next)
		if (p->uid == place->uid && p->gid == place->gid)
			mailbox_place_note(p);
}

void
flight_as_owners(struct flight *f, int (*is_due)(const struct deposit *),
    void (*step)(struct deposit *))
{
	size_t i;

	for (i = 0; i < f->made; i++) {
		struct deposit *p = f->list[i];

		if (!is_due(p))
			continue;
		if (owner_become(p->place->uid, p->place->gid) == -1) {
			p->delivery.failed = "enter";
			deposit_end(p, -1);
			continue;
		}
		do_as_owner(f, i, is_due, step);
		owner_return();
	}
}

static int
is_opened(const struct deposit *p)
{
	return p->stage == DEPOSIT_OPENED;
}

static int
is_taken(const struct deposit *p)
{
	return p->stage == DEPOSIT_TAKEN;
}

static int
is_ready(const struct deposit *p)
{
	return p->stage == DEPOSIT_READY;
}

/* Is it over, and has a name that nobody is to find? */
static int
is_left_over(const struct deposit *p)
{
	return p->stage == DEPOSIT_OVER && p->delivery.file.fd != -1 &&
	       p->delivery.file.tmp[0] != '\0';
}

/* Is another form of it on its way into the same mailbox, as an alias may send it? */
static int
has_company(const struct flight *f, const struct deposit *p)
{
	size_t i, len;

	if (p->place->deposits == 1)
		return 0;
	len = maildirname_base(p->delivery.name.s);
	for (i = 0; i < f->made; i++) {
		const struct deposit *other = f->list[i];
		const char *name = other->delivery.name.s;

		if (other->stage > DEPOSIT_FRESH && other->stage < DEPOSIT_OVER &&
		    other->place == p->place && other != p && name != NULL &&
		    maildirname_base(name) == len &&
		    memcmp(name, p->delivery.name.s, len) == 0)
			return 1;
	}
	return 0;
}

static void
open_place(struct flight *f, struct deposit *p)
{
	deposit_write_name(p);
	p->may_record = f->service.state != RECORDER_NONE;
	p->connection = f->service.connections;
	p->delivery.failed = "enter";
	if (has_company(f, p))
		deposit_put_off(p);
	else if (mailbox_place_open(p->place) == 0)
		p->stage = DEPOSIT_OPENED;
	else if (errno == ENOENT && !p->is_made)
		p->stage = DEPOSIT_HOMELESS;
	else
		deposit_end(p, -1);
}

static void
make_home(struct deposit *p)
{
	struct mailbox_place *place = p->place;

	p->is_made = 1;
	p->delivery.failed = "make the folders of";
	if (mailbox_create(place->folder.s, place->uid, place->gid) == -1) {
		deposit_end(p, -1);
		return;
	}
	if (p->delivery.file.fd != -1) {
		p->stage = DEPOSIT_READY;
		return;
	}
	if (place->deposits == 1)
		mailbox_place_forget(place);
	p->stage = DEPOSIT_FRESH;
}

/* Those that wait for nobody.  Returns how many. */
static size_t
begin(struct flight *f)
{
	int64_t now = deadline_now();
	size_t i, n = 0;
	int is_looked_at = 0;

	for (i = 0; i < f->made && n < BITE; i++) {
		struct deposit *p = f->list[i];

		if (p->stage == DEPOSIT_PUT_OFF && p->retry_at <= now) {
			/* the other may have made a record meanwhile */
			p->stage = DEPOSIT_ASKING;
			n++;
		}
		if (p->stage == DEPOSIT_HOMELESS)
			make_home(p);
		if (p->stage == DEPOSIT_FRESH) {
			if (!is_looked_at)
				recorder_state(&f->service);
			is_looked_at = 1;
			open_place(f, p);
			n++;
		}
	}
	if (n > 0)
		flight_as_owners(f, is_opened, deposit_write);
	return n;
}

static size_t
publish(struct flight *f)
{
	size_t i, n = 0;

	for (i = 0; i < f->made; i++)
		n += is_ready(f->list[i]) || is_taken(f->list[i]);
	if (n > 0) {
		flight_as_owners(f, is_ready, deposit_publish);
		flight_as_owners(f, is_taken, deposit_found);
	}
	return n;
}

void
flight_turn(struct flight *f)
{
	size_t n;

	do {
		n = flight_record_turn(f);
		n += begin(f);
		n += publish(f);
		n += flight_sync_turn(f);
	} while (n > 0);
	flight_as_owners(f, is_left_over, deposit_clear);
}

static int
waits_for_service(const struct deposit *p)
{
	return p->stage == DEPOSIT_ASKING || p->stage == DEPOSIT_CONFIRMING ||
	       p->stage == DEPOSIT_SYNCED;
}

int64_t
flight_poll(const struct flight *f, struct pollfd *polled)
{
	int64_t until = f->service.is_asked ? f->service.until : INT64_MAX, at;
	size_t i;

	polled[0] = recorder_poll(&f->service);
	polled[1] =
	    (struct pollfd){.fd = f->is_syncing ? f->syncer.fd : -1, .events = POLLIN};
	if (f->is_syncing && f->syncer.until < until)
		until = f->syncer.until;
	for (i = 0; i < f->made; i++) {
		const struct deposit *p = f->list[i];

		at = INT64_MAX;
		if (p->stage == DEPOSIT_PUT_OFF)
			at = p->retry_at;
		else if (waits_for_service(p) && !f->service.is_asked)
			at = f->service.retry_at;
		else if (!f->is_syncing &&
			 (p->stage == DEPOSIT_WRITTEN || p->stage == DEPOSIT_NAMED))
			at = f->may_sync_at;
		if (at < until)
			until = at;
	}
	return until;
}
