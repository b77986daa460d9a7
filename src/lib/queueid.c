#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lib/queueid.h"

#define TIME_DIGITS 11
#define RANDOM_DIGITS (QUEUEID_LEN - TIME_DIGITS)

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

int
queueid_make(char id[QUEUEID_LEN + 1])
{
	unsigned char random[RANDOM_DIGITS];
	struct timespec now;
	uint64_t time;
	ssize_t r;
	int i;

	do
		r = getrandom(random, sizeof(random), 0);
	while (r == -1 && errno == EINTR);
	if (r != (ssize_t)sizeof(random)) {
		if (r != -1)
			errno = EIO;
		return -1;
	}
	if (clock_gettime(CLOCK_REALTIME, &now) == -1)
		return -1;
	time = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	for (i = TIME_DIGITS - 1; i >= 0; i--, time /= 36)
		id[i] = digits[time % 36];
	/* 32 of the 36 digits, so that all are equally likely */
	for (i = 0; i < RANDOM_DIGITS; i++)
		id[TIME_DIGITS + i] = digits[random[i] & 31];
	id[QUEUEID_LEN] = '\0';
	return 0;
}

int
queueid_take(char id[QUEUEID_LEN + 1])
{
	const char *given = getenv("QUEUEID");

	if (given == NULL || !queueid_is(given))
		return queueid_make(id);
	memcpy(id, given, QUEUEID_LEN + 1);
	return 0;
}

int
queueid_is(const char *s)
{
	size_t i;

	for (i = 0; i < QUEUEID_LEN; i++)
		if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'z')))
			return 0;
	return s[i] == '\0';
}

int64_t
queueid_time(const char *id)
{
	int64_t time = 0;
	int i;

	for (i = 0; i < TIME_DIGITS; i++)
		time = time * 36 + (id[i] <= '9' ? id[i] - '0' : id[i] - 'a' + 10);
	return time;
}

uint64_t
queueid_hash(const char *s, uint64_t seed)
{
	uint64_t hash = 14695981039346656037u ^ seed; /* FNV-1a, then mixed */

	for (; *s != '\0'; s++)
		hash = (hash ^ (unsigned char)*s) * 1099511628211u;
	hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
	hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
	return hash ^ hash >> 33;
}

void
queueid_derive(char derived[QUEUEID_LEN + 1], const char *id, const char *cause)
{
	uint64_t low = queueid_hash(cause, queueid_hash(id, 1));
	uint64_t high = queueid_hash(cause, queueid_hash(id, 2));
	int i;

	memcpy(derived, id, TIME_DIGITS);
	for (i = TIME_DIGITS; i < QUEUEID_LEN; i++) {
		derived[i] = digits[low & 31];
		low = low >> 5 | high << 59;
		high >>= 5;
	}
	derived[QUEUEID_LEN] = '\0';
}
