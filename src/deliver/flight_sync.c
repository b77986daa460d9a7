#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "deliver/flight_sync.h"
#include "lib/deadline.h"

/*
 * Milliseconds from one sync's beginning to that of the next: what comes meanwhile shares
 * it.  The first after a rest is made at once.  Syncs write mostly the same folders,
 * inodes and bitmaps again: without a pause 10 clients cost twice the KiB a message, with
 * 100 ms hardly less than with 30, which nobody notices in a delivery.
 */
#define PAUSE 30

/* So many gain little by more that would share their sync. */
#define MANY 128

static int
is_due(const struct deposit *p)
{
	return p->stage == DEPOSIT_WRITTEN || p->stage == DEPOSIT_NAMED;
}

/* What no common sync brings to the disk. */
static int
is_alone(const struct deposit *p)
{
	return is_due(p) && !p->place->is_whole;
}

static int
is_in_sync(const struct deposit *p)
{
	return p->in_sync;
}

static void
sync_alone(struct deposit *p)
{
	p->in_sync = 0;
	deposit_sync(p);
}

/* What no sync would tell of: new files are not trusted any more. */
static void
lose(struct deposit *p, int error)
{
	if (p->stage != DEPOSIT_WRITTEN)
		return;
	p->in_sync = 0;
	p->delivery.failed = "keep the message in";
	errno = error;
	deposit_end(p, -1);
}

static size_t
end_sync(struct flight *f)
{
	int r = syncer_end(&f->syncer), error = errno;
	size_t i, n = 0;

	if (r == 0)
		return 0;
	f->is_syncing = 0;
	for (i = 0; i < f->made; i++) {
		struct deposit *p = f->list[i];

		n += p->in_sync;
		if (r == SYNCER_LOST && p->in_sync)
			lose(p, error);
		if (r < 0 || !p->in_sync)
			continue;
		p->in_sync = 0;
		if (p->stage == DEPOSIT_WRITTEN)
			p->stage = DEPOSIT_SYNCED;
		else
			deposit_end(p, MAILDIR_DONE);
	}
	if (r < 0)
		flight_as_owners(f, is_in_sync, sync_alone);
	return n;
}

static int
by_number(const void *a, const void *b)
{
	const struct deposit *const *p = a, *const *q = b;

	return (*p)->number < (*q)->number ? -1 : (*p)->number > (*q)->number;
}

#define SYSTEMS_MAX 16 /* file systems that are told from each other */

/*
 * Of files whose data is on the disk, and only their names are not, the first of each
 * file system does for all.
 */
static int
is_spared(const struct deposit *p, dev_t *systems, size_t *count)
{
	struct stat st;
	size_t i;

	if (p->stage != DEPOSIT_NAMED || fstat(p->delivery.file.fd, &st) == -1)
		return 0;
	for (i = 0; i < *count; i++)
		if (systems[i] == st.st_dev)
			return 1;
	if (*count < SYSTEMS_MAX)
		systems[(*count)++] = st.st_dev;
	return 0;
}

/* The ones that were opened first come first: lib/sync_files. */
static size_t
begin_sync(struct flight *f)
{
	struct deposit *due[FLIGHT_MAX];
	dev_t systems[SYSTEMS_MAX];
	int fds[FLIGHT_MAX];
	size_t i, n = 0, count = 0, known = 0;

	for (i = 0; i < f->made; i++)
		if (is_due(f->list[i]))
			due[n++] = f->list[i];
	if (n == 0 || (n < MANY && deadline_now() < f->may_sync_at))
		return 0;
	qsort(due, n, sizeof(*due), by_number);
	for (i = 0; i < n; i++) {
		due[i]->in_sync = 1;
		if (!is_spared(due[i], systems, &known))
			fds[count++] = due[i]->delivery.file.fd;
	}
	f->may_sync_at = deadline_now() + PAUSE;
	if (syncer_begin(&f->syncer, fds, count) == 0) {
		f->is_syncing = 1;
		return 0;
	}
	flight_as_owners(f, is_in_sync, sync_alone);
	return n;
}

size_t
flight_sync_turn(struct flight *f)
{
	size_t i, n = 0;

	if (f->is_syncing)
		n += end_sync(f);
	for (i = 0; i < f->made; i++)
		n += is_alone(f->list[i]);
	if (n > 0)
		flight_as_owners(f, is_alone, deposit_sync);
	if (!f->is_syncing)
		n += begin_sync(f);
	return n;
}
