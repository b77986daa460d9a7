#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "lib/siphash.h"
#include "policy/relay_lease.h"

#define SET 4 /* places that one name may have */

struct lease {
	int64_t until; /* in deadline_now's milliseconds */
	unsigned long long room, granted;
	unsigned char len;
	char name[RELAY_LEASE_NAME_MAX];
};

/* A cache: what was answered within a second, and on what it rests. */
static struct lease leases[RELAY_LEASE_SLOTS];
static int are_there;
static uint64_t key[2];
static unsigned long era, users_opened;
static struct stat quota; /* of control/quota, zeroed when there is none */

int
relay_lease_begin(void)
{
	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return -1;
	are_there = 1;
	return 0;
}

static void
forget_all(void)
{
	size_t i;

	for (i = 0; i < RELAY_LEASE_SLOTS; i++)
		leases[i].len = 0;
	era++;
}

static int
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static int
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && is_same_time(&a->st_mtim, &b->st_mtim) &&
	       is_same_time(&a->st_ctim, &b->st_ctim);
}

void
relay_lease_look(unsigned long opened)
{
	struct stat now;
	int r;

	if (!are_there)
		return;
	memset(&now, 0, sizeof(now));
	r = stat("control/quota", &now);
	/* what can't be seen may change at any time */
	if ((r == 0 || errno == ENOENT) && opened == users_opened &&
	    is_same_file(&now, &quota))
		return;
	users_opened = opened;
	quota = now;
	forget_all();
}

unsigned long
relay_lease_era(void)
{
	return era;
}

/* The places of the name, of which it has one at most. */
static struct lease *
set_of(const char *s, size_t len)
{
	size_t n = (size_t)(siphash(key, s, len) % (RELAY_LEASE_SLOTS / SET));

	return leases + n * SET;
}

static struct lease *
find(struct lease *set, const char *s, size_t len, int64_t now)
{
	size_t i;

	for (i = 0; i < SET; i++)
		if (set[i].len == len && memcmp(set[i].name, s, len) == 0)
			return now < set[i].until ? &set[i] : NULL;
	return NULL;
}

static void
grant(struct lease *l, unsigned long long size)
{
	unsigned long long more = size + RELAY_LEASE_HEAD;

	l->granted = more < size || more > ~l->granted ? ~0ull : l->granted + more;
}

int
relay_lease_take(const char *s, size_t len, unsigned long long size, int64_t now)
{
	struct lease *l;
	unsigned long long rest;

	if (!are_there || len == 0 || len > RELAY_LEASE_NAME_MAX)
		return 0;
	l = find(set_of(s, len), s, len, now);
	if (l == NULL || l->room < l->granted)
		return 0;
	rest = l->room - l->granted;
	if (rest < RELAY_LEASE_MARGIN || size > rest - RELAY_LEASE_MARGIN)
		return 0;
	grant(l, size);
	return 1;
}

/* Its own place, a free one, or that of the lease which ends first. */
static struct lease *
choose(struct lease *set, const char *s, size_t len)
{
	struct lease *l = set;
	size_t i;

	for (i = 0; i < SET; i++)
		if (set[i].len == len && memcmp(set[i].name, s, len) == 0)
			return &set[i];
	for (i = 0; i < SET; i++)
		if (set[i].len == 0 || (l->len != 0 && set[i].until < l->until))
			l = &set[i];
	return l;
}

void
relay_lease_put(const char *s, size_t len, unsigned long long room,
    unsigned long long size, int64_t asked_at, unsigned long asked_in)
{
	struct lease *set, *l;

	if (!are_there || asked_in != era || len == 0 || len > RELAY_LEASE_NAME_MAX)
		return;
	set = set_of(s, len);
	/*
	 * What was granted within the last lease is on its way, and not all in the
	 * mailbox yet: it goes on to count until that would have ended.
	 */
	l = find(set, s, len, asked_at);
	if (l == NULL) {
		l = choose(set, s, len);
		l->until = asked_at + RELAY_LEASE_MILLISECONDS;
		l->granted = 0;
		l->len = (unsigned char)len;
		memcpy(l->name, s, len);
	}
	l->room = room;
	grant(l, size);
}
