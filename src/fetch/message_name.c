#include <string.h>

#include "fetch/message_name.h"
#include "lib/maildirname.h"

#define HASH_DIGITS 8
#define SHORT_UID (QUEUEID_LEN + 1 + HASH_DIGITS)

size_t
message_name_stable(const char *name)
{
	return strcspn(name, ":");
}

/* How many digits begin s.  (strspn(3) would build a table for each call.) */
static size_t
digits(const char *s)
{
	size_t n = 0;

	while (s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

/* Past the digits of SECONDS and the dot; 0 when name does not begin so. */
static size_t
after_seconds(const char *name)
{
	size_t n = digits(name);

	return n > 0 && name[n] == '.' ? n + 1 : 0;
}

int
message_name_id(const char *name, char id[QUEUEID_LEN + 1])
{
	size_t at = after_seconds(name);

	if (!at || strnlen(name + at, QUEUEID_LEN) < QUEUEID_LEN)
		return 0;
	memcpy(id, name + at, QUEUEID_LEN);
	id[QUEUEID_LEN] = '\0';
	return queueid_is(id);
}

static int
seconds_are(const char *name, int64_t seconds)
{
	int64_t n = 0;

	for (; *name >= '0' && *name <= '9' && n < INT64_MAX / 10 - 1; name++)
		n = n * 10 + (*name - '0');
	return *name == '.' && n == seconds;
}

/* SECONDS.IDrHASH. with a time that is the ID's: nobody else writes such names. */
static int
begins_as_ours(const char *name)
{
	const char *hash = name + after_seconds(name) + QUEUEID_LEN;
	char id[QUEUEID_LEN + 1];

	return message_name_id(name, id) &&
	       seconds_are(name, queueid_time(id) / 1000000) && hash[0] == 'r' &&
	       strspn(hash + 1, "0123456789abcdef") == HASH_DIGITS &&
	       hash[1 + HASH_DIGITS] == '.';
}

int
message_name_ours(const char *name)
{
	unsigned long long bytes, wire;

	return begins_as_ours(name) && maildirname_number(name, 'S', &bytes) &&
	       maildirname_number(name, 'W', &wire) && wire >= bytes &&
	       wire / 2 <= bytes + 1; /* each byte a line end, the last one missing */
}

static int
fits(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (name[i] < 0x21 || name[i] > 0x7e)
			return 0;
	return len > 0 && len <= MESSAGE_UID_MAX;
}

static void
hash(char uid[MESSAGE_UID_MAX + 1], const char *name, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	char stable[256]; /* NAME_MAX and its end */
	uint64_t sum;
	size_t i, j;

	if (len > sizeof(stable) - 1)
		len = sizeof(stable) - 1;
	memcpy(stable, name, len);
	stable[len] = '\0';
	for (i = 0; i < 2; i++) {
		sum = queueid_hash(stable, i + 1);
		for (j = 0; j < 16; j++, sum >>= 4)
			uid[i * 16 + j] = hex[sum & 15];
	}
	uid[32] = '\0';
}

void
message_name_uid(char uid[MESSAGE_UID_MAX + 1], const char *name, int whole)
{
	size_t len = message_name_stable(name);

	if (!whole && begins_as_ours(name)) {
		memcpy(uid, name + after_seconds(name), SHORT_UID);
		uid[SHORT_UID] = '\0';
	} else if (!whole && fits(name, len)) {
		memcpy(uid, name, len);
		uid[len] = '\0';
	} else
		hash(uid, name, len);
}

/* What stands at s, for comparisons: the end of the stable part is the least. */
static int
stable_byte(const char *s)
{
	return *s == ':' ? 0 : (unsigned char)*s;
}

int
message_name_compare(const char *a, const char *b)
{
	size_t digits_a = digits(a), digits_b = digits(b);

	if (digits_a != digits_b)
		return digits_a < digits_b ? -1 : 1;
	while (stable_byte(a) != 0 && *a == *b)
		a++, b++;
	return stable_byte(a) - stable_byte(b);
}
