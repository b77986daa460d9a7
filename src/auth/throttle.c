#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "auth/throttle.h"
#include "lib/ipaddress.h"
#include "lib/text.h"

#define NETWORK_LEN 8 /* bytes of an IPv6 address that count: RFC 6177 */
#define FAILURES_MAX 1000000

/*
 * What is kept, a table each.  SHARE is what of a client's failures was one user's,
 * REPEATED what has been counted, KNOWN who has been right from there; PROCESSES has
 * locks only.
 */
enum { CLIENT, ACCOUNT, SHARE, REPEATED, KNOWN, PROCESSES };

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

static unsigned
remembered(const struct throttle *t, int kind)
{
	return failure_table_get(&t->table, kind, t->names[kind]);
}

/* Returns failures. */
static unsigned
keep(const struct throttle *t, int kind, unsigned failures)
{
	if (failure_table_put(&t->table, kind, t->names[kind], failures) == -1)
		carpsys("unable to write " FAILURE_TABLE);
	return failures;
}

static unsigned
add(const struct throttle *t, int kind)
{
	unsigned failures = remembered(t, kind);

	return keep(t, kind, failures + (failures < FAILURES_MAX));
}

/* Take one of the places for guesses.  Returns 1, or 0 when there is none. */
static int
take_place(const struct throttle *t)
{
	/* Those who have been right from there need not share with those who guess. */
	int kind = remembered(t, KNOWN) ? KNOWN : CLIENT;

	return failure_table_take(&t->table, kind, t->names[kind], THROTTLE_PLACES);
}

int
throttle_begin(struct throttle *t, const char *client, const char *user)
{
	stralloc text = {0};

	*t = (struct throttle){.table.fd = -1};
	if (!put_client(&text, client))
		return 1;
	if (failure_table_open(&t->table) == -1) {
		carpsys("unable to open " FAILURE_TABLE);
		stralloc_free(&text);
		return 1;
	}
	text_terminate(&text);
	t->names[CLIENT] = failure_table_name(&t->table, CLIENT, text.s);
	t->names[ACCOUNT] = failure_table_name(&t->table, ACCOUNT, user);
	text_cat(&text, " ", user, (char *)NULL);
	text_terminate(&text);
	t->names[SHARE] = failure_table_name(&t->table, SHARE, text.s);
	t->names[KNOWN] = failure_table_name(&t->table, KNOWN, text.s);
	stralloc_free(&text);

	if (!failure_table_take(
		&t->table, PROCESSES, t->names[CLIENT], THROTTLE_PROCESSES))
		return 0;
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
	bits = failure_table_name(&t->table, REPEATED, password) >> 48;
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
	if (t->table.fd == -1)
		return THROTTLE_LEAST;
	if (flock(t->table.fd, LOCK_EX) == -1)
		carpsys("unable to lock " FAILURE_TABLE);
	if (is_repeated(t, password)) {
		*failures = remembered(t, CLIENT);
		of_account = remembered(t, ACCOUNT);
	} else {
		*failures = add(t, CLIENT);
		of_account = add(t, ACCOUNT);
		add(t, SHARE);
	}
	flock(t->table.fd, LOCK_UN);
	return cost(*failures, of_account);
}

void
throttle_succeed(struct throttle *t)
{
	unsigned failures, share;

	if (t->table.fd == -1)
		return;
	if (flock(t->table.fd, LOCK_EX) == -1)
		carpsys("unable to lock " FAILURE_TABLE);
	share = remembered(t, SHARE);
	if (share > 0) {
		failures = remembered(t, CLIENT);
		keep(t, CLIENT, failures > share ? failures - share : 0);
		keep(t, SHARE, 0);
	}
	keep(t, KNOWN, UINT32_MAX);
	flock(t->table.fd, LOCK_UN);
}

void
throttle_end(struct throttle *t)
{
	if (t->table.fd != -1)
		close(t->table.fd);
	t->table.fd = -1;
}
