#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "deliver/deposit.h"
#include "lib/deadline.h"
#include "onward/origin.h"

#define PAUSE 50       /* milliseconds before another look */
#define PATIENCE 10000 /* and altogether: the other's syncs have their time limits */

int
deposit_may_be_there(const struct deposit *p)
{
	const char *again = envelope_parameter(&p->job->envelope, "again");

	return (again != NULL && strcmp(again, "1") == 0) ||
	       strcmp(origin_id(p->job), p->job->id) != 0;
}

void
deposit_end(struct deposit *p, int result)
{
	p->error = errno;
	p->result = result;
	p->stage = DEPOSIT_OVER;
	if (p->is_counted)
		p->place->coming -= p->delivery.size;
	p->is_counted = 0;
}

void
deposit_put_off(struct deposit *p)
{
	int64_t now = deadline_now();

	if (p->until == 0)
		p->until = now + PATIENCE;
	p->retry_at = now + PAUSE;
	p->delivery.again = 1;
	p->delivery.failed = "await another delivery to";
	p->stage = DEPOSIT_PUT_OFF;
	if (now < p->until)
		return;
	errno = EBUSY;
	deposit_end(p, -1);
}

void
deposit_fail(struct deposit *p)
{
	if (errno == ENOENT && !p->is_made)
		p->stage = DEPOSIT_HOMELESS;
	else
		deposit_end(p, -1);
}

void
deposit_found(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;

	durable_abandon(&d->file);
	if (p->is_counted)
		p->place->coming -= d->size;
	p->is_counted = 0;
	d->failed = "open";
	d->file.tmp[0] = '\0';
	d->file.fd = openat(p->place->maildir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->file.fd == -1) {
		deposit_end(p, -1);
		return;
	}
	d->named = 0;
	p->is_found = 1;
	p->stage = DEPOSIT_NAMED;
}

/* The name in tmp stays when a record of it may have been kept. */
static void
keep_prepared(struct deposit *p)
{
	if (p->is_recorded)
		p->delivery.file.tmp[0] = '\0';
}

void
deposit_give_up(struct deposit *p)
{
	keep_prepared(p);
	deposit_end(p, -1);
}

void
deposit_publish(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	struct mailbox_place *place = p->place;
	int r;

	if (p->is_alone && !p->is_prepared) {
		deposit_end(p, maildir_keep(place->maildir, d));
		return;
	}
	r = maildir_publish(place->maildir, d);
	if (r == -1 && errno == ENOENT && !p->is_made) {
		p->stage = DEPOSIT_HOMELESS;
	} else if (r == -1) {
		deposit_give_up(p);
	} else if (d->named) {
		if (p->is_counted)
			place->coming -= d->size;
		p->is_counted = 0;
		place->bytes += (long long)d->size;
		place->messages++;
		p->stage = DEPOSIT_NAMED;
	} else {
		deposit_found(p);
	}
}

/* As durable_commit does it, for a name in tmp. */
static void
sync_written(struct deposit *p)
{
	struct durable *file = &p->delivery.file;

	p->is_alone = 1;
	p->delivery.failed = "keep the message in";
	if (p->is_prepared &&
	    (fsync(file->fd) == -1 ||
		durable_sync_name(file->fd, p->place->maildir, "tmp") == -1))
		deposit_end(p, -1);
	else
		p->stage = DEPOSIT_SYNCED;
}

static void
sync_named(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;

	if (maildir_sync(p->place->maildir, d) == 0 &&
	    (p->is_found || fsync(d->file.fd) == 0)) {
		deposit_end(p, MAILDIR_DONE);
		return;
	}
	deposit_end(p, -1);
	if (d->named && !p->is_recorded)
		maildir_take_back(p->place->maildir, d);
}

void
deposit_sync(struct deposit *p)
{
	if (p->stage == DEPOSIT_WRITTEN)
		sync_written(p);
	else
		sync_named(p);
}

void
deposit_clear(struct deposit *p)
{
	if (p->delivery.file.fd != -1)
		durable_abandon(&p->delivery.file);
}
