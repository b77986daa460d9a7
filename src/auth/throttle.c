#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "auth/throttle.h"
#include "lib/ipaddress.h"
#include "lib/queueid.h"
#include "lib/text.h"

#define TABLE "state/auth/failures"
#define SLOTS 65536
#define NETWORK_LEN 8 /* bytes of an IPv6 address that count: RFC 6177 */
#define FAILURES_MAX 1000000
#define DECAY_MAX 31 /* halvings after which nothing is left */

/* Past the tables, where nothing is written: bytes to be locked. */
#define PLACES_AT ((off_t)(THROTTLE_KINDS * SLOTS * sizeof(struct slot)))

/*
 * What is kept, a table each.  CLIENT is the first, as it was when it was the only one.
 * SHARE is what of a client's failures was one user's, REPEATED what has been counted,
 * KNOWN who has been right from there.
 */
enum { CLIENT, ACCOUNT, SHARE, REPEATED, KNOWN };

/* One place of a table; the last that failed takes it. */
struct slot {
	uint64_t name;
	uint32_t failures;
	uint32_t when;
};

/* Append what client is called.  Returns 1, or 0. */
static int
put_client(stralloc *sa, const char *client)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned char ip[16];
	char digits[2];
	size_t i;

	if (!ipaddress_scan(client, ip))
		return 0;
	if (memcmp(ip, mapped, sizeof mapped) != 0)
		memset(ip + NETWORK_LEN, 0, sizeof ip - NETWORK_LEN);
	for (i = 0; i < sizeof ip; i++) {
		digits[0] = "0123456789abcdef"[ip[i] >> 4];
		digits[1] = "0123456789abcdef"[ip[i] & 15];
		text_catb(sa, digits, sizeof digits);
	}
	return 1;
}

/* Open the table, made when it is missing.  Returns a descriptor, or -1 with errno. */
static int
open_table(void)
{
	int fd = open(TABLE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd != -1 || errno != ENOENT)
		return fd;
	if (mkdir("state", 0755) == -1 && errno != EEXIST)
		return -1;
	if (mkdir("state/auth", 0700) == -1 && errno != EEXIST)
		return -1;
	return open(TABLE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static off_t
place_of(const struct throttle *t, int kind)
{
	uint64_t slot = (t->names[kind] >> 1) % SLOTS;

	return (off_t)((SLOTS * (uint64_t)kind + slot) * sizeof(struct slot));
}

/* The failures of that kind that are still remembered; 0, too, when they can't be read.
 */
static unsigned
remembered(const struct throttle *t, int kind)
{
	struct slot slot;
	uint32_t halvings;

	if (pread(t->fd, &slot, sizeof slot, place_of(t, kind)) != sizeof slot ||
	    slot.name != t->names[kind])
		return 0;
	halvings = ((uint32_t)time(NULL) - slot.when) / THROTTLE_DECAY;
	return halvings > DECAY_MAX ? 0 : slot.failures >> halvings;
}

/* Returns failures. */
static unsigned
keep(const struct throttle *t, int kind, unsigned failures)
{
	struct slot slot = {t->names[kind], failures, (uint32_t)time(NULL)};

	if (pwrite(t->fd, &slot, sizeof slot, place_of(t, kind)) == -1)
		carpsys("unable to write " TABLE);
	return failures;
}

static unsigned
add(const struct throttle *t, int kind)
{
	unsigned failures = remembered(t, kind);

	return keep(t, kind, failures + (failures < FAILURES_MAX));
}

/*
 * Take one of the places for guesses.  It is locked as long as the descriptor is open, so
 * no death leaves it taken.  Returns 1, or 0 when there is none.
 */
static int
take_place(const struct throttle *t)
{
	/* Those who have been right from there need not share with those who guess. */
	int kind = remembered(t, KNOWN) ? KNOWN : CLIENT, i;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	lock.l_start = PLACES_AT + place_of(t, kind);
	for (i = 0; i < THROTTLE_PLACES; i++, lock.l_start++)
		if (fcntl(t->fd, F_OFD_SETLK, &lock) == 0)
			return 1;
	return 0;
}

int
throttle_begin(struct throttle *t, const char *client, const char *user)
{
	stralloc text = {0};

	*t = (struct throttle){.fd = -1};
	if (!put_client(&text, client))
		return 1;
	text_terminate(&text);
	t->names[CLIENT] = queueid_hash(text.s, 1) | 1;
	t->names[ACCOUNT] = queueid_hash(user, 2) | 1;
	text_cat(&text, " ", user, (char *)NULL);
	text_terminate(&text);
	t->names[SHARE] = t->names[KNOWN] = queueid_hash(text.s, 3) | 1;
	stralloc_free(&text);

	t->fd = open_table();
	if (t->fd == -1) {
		carpsys("unable to open " TABLE);
		return 1;
	}
	/* Many who come at once, and all know their passwords, need no places. */
	return take_place(t) || (remembered(t, CLIENT) < THROTTLE_FREE &&
				    remembered(t, ACCOUNT) < THROTTLE_ACCOUNT);
}

/* Has this been counted?  The file keeps 16 bits of it, too few to find out the rest. */
static int
is_repeated(struct throttle *t, const char *password)
{
	uint64_t bits;

	if (password == NULL)
		return 0;
	bits = queueid_hash(password, t->names[SHARE]) & 0xffff;
	t->names[REPEATED] = (t->names[SHARE] ^ bits << 40) | 1;
	bits = remembered(t, REPEATED);
	keep(t, REPEATED, 1);
	return bits > 0;
}

static unsigned
cost(unsigned failures, unsigned of_account)
{
	unsigned delay = THROTTLE_LEAST;

	for (; failures > THROTTLE_FREE + 1 && delay < THROTTLE_MOST; failures--)
		delay *= 2;
	if (of_account > THROTTLE_ACCOUNT && delay < THROTTLE_ACCOUNT_COST)
		delay = THROTTLE_ACCOUNT_COST;
	return delay < THROTTLE_MOST ? delay : THROTTLE_MOST;
}

unsigned
throttle_fail(struct throttle *t, const char *password, unsigned *failures)
{
	unsigned of_account;

	*failures = 0;
	if (t->fd == -1)
		return THROTTLE_LEAST;
	if (flock(t->fd, LOCK_EX) == -1)
		carpsys("unable to lock " TABLE);
	if (is_repeated(t, password)) {
		*failures = remembered(t, CLIENT);
		of_account = remembered(t, ACCOUNT);
	} else {
		*failures = add(t, CLIENT);
		of_account = add(t, ACCOUNT);
		add(t, SHARE);
	}
	flock(t->fd, LOCK_UN);
	return cost(*failures, of_account);
}

void
throttle_succeed(struct throttle *t)
{
	unsigned failures, share;

	if (t->fd == -1)
		return;
	if (flock(t->fd, LOCK_EX) == -1)
		carpsys("unable to lock " TABLE);
	share = remembered(t, SHARE);
	if (share > 0) {
		failures = remembered(t, CLIENT);
		keep(t, CLIENT, failures > share ? failures - share : 0);
		keep(t, SHARE, 0);
	}
	keep(t, KNOWN, UINT32_MAX);
	flock(t->fd, LOCK_UN);
}

void
throttle_end(struct throttle *t)
{
	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
}
