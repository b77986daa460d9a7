#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "auth/throttle.h"
#include "lib/ipaddress.h"
#include "lib/queueid.h"

#define TABLE "state/auth/failures"
#define SLOTS 65536
#define NETWORK_LEN 8 /* bytes of an IPv6 address that count: RFC 6177 */
#define FAILURES_MAX 1000000
#define DECAY_MAX 31 /* halvings after which nothing is left */

/* One place of the table; the last client that failed takes it. */
struct slot {
	uint64_t client;
	uint32_t failures;
	uint32_t when;
};

/* Where client has its place, and what it is called there.  Returns 1, or 0. */
static int
find_place(const char *client, off_t *at, uint64_t *name)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned char ip[16];
	char text[33];
	size_t i;

	if (!ipaddress_scan(client, ip))
		return 0;
	if (memcmp(ip, mapped, sizeof mapped) != 0)
		memset(ip + NETWORK_LEN, 0, sizeof ip - NETWORK_LEN);
	for (i = 0; i < sizeof ip; i++) {
		text[2 * i] = "0123456789abcdef"[ip[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[ip[i] & 15];
	}
	text[32] = '\0';
	*name = queueid_hash(text, 1) | 1;
	*at = (off_t)(queueid_hash(text, 2) % SLOTS * sizeof(struct slot));
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

/* The failures that are still remembered of what is in the slot. */
static unsigned
remembered(const struct slot *slot, uint64_t name, uint32_t now)
{
	uint32_t halvings = (now - slot->when) / THROTTLE_DECAY;

	if (slot->client != name || halvings > DECAY_MAX)
		return 0;
	return slot->failures >> halvings;
}

/* The failures of client, one more when add is 1; or -1 with errno. */
static int
look_up(const char *client, int add)
{
	uint32_t now = (uint32_t)time(NULL);
	struct slot slot = {0};
	unsigned failures;
	uint64_t name;
	ssize_t r;
	off_t at;
	int fd, saved;

	if (!find_place(client, &at, &name))
		return 0;
	fd = open_table();
	if (fd == -1)
		return -1;
	r = add && flock(fd, LOCK_EX) == -1 ? -1 : pread(fd, &slot, sizeof slot, at);
	failures = r == sizeof slot ? remembered(&slot, name, now) : 0;
	if (add && r != -1) {
		failures += failures < FAILURES_MAX;
		slot = (struct slot){.client = name, .failures = failures, .when = now};
		r = pwrite(fd, &slot, sizeof slot, at);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return r == -1 ? -1 : (int)failures;
}

unsigned
throttle_delay(const char *client)
{
	int failures = look_up(client, 0);
	unsigned delay = 1000;

	if (failures == -1)
		carpsys("unable to read " TABLE);
	for (; failures > THROTTLE_FREE && delay < THROTTLE_MAX; failures--)
		delay *= 2;
	if (failures < THROTTLE_FREE)
		return 0;
	return delay < THROTTLE_MAX ? delay : THROTTLE_MAX;
}

unsigned
throttle_fail(const char *client)
{
	int failures = look_up(client, 1);

	if (failures == -1)
		carpsys("unable to write " TABLE);
	return failures == -1 ? 0 : (unsigned)failures;
}
