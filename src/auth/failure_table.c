#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "auth/failure_table.h"
#include "lib/siphash.h"

#define MAGIC "facteur-failures-2"
#define BUCKETS 16384
#define HALVINGS_MAX 31 /* after which nothing is left */
#define LOCKED_NAMES ((uint64_t)1 << 50)

struct header {
	char magic[48];
	uint64_t seed[2];
};

/* One place of a bucket; free while its name is 0. */
struct place {
	uint64_t name;
	uint32_t failures;
	uint32_t when;
};

struct bucket {
	struct place places[FAILURE_TABLE_PLACES];
};

_Static_assert(sizeof(struct bucket) == sizeof(struct header), "the tables begin at one");

/* Past the tables, where nothing is written: bytes to be locked. */
#define LOCKS_AT                                                                         \
	((off_t)((1 + (uint64_t)FAILURE_TABLE_KINDS * BUCKETS) * sizeof(struct bucket)))

static int
open_file(void)
{
	int fd = open(FAILURE_TABLE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd != -1 || errno != ENOENT)
		return fd;
	if (mkdir("state", 0755) == -1 && errno != EEXIST)
		return -1;
	if (mkdir("state/auth", 0700) == -1 && errno != EEXIST)
		return -1;
	return open(FAILURE_TABLE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Returns 1, or 0 when there is no sound header. */
static int
read_header(struct failure_table *table)
{
	struct header header;

	if (pread(table->fd, &header, sizeof header, 0) != sizeof header ||
	    memcmp(header.magic, MAGIC, sizeof MAGIC) != 0)
		return 0;
	memcpy(table->seed, header.seed, sizeof table->seed);
	return 1;
}

static int
write_header(struct failure_table *table)
{
	struct header header = {.magic = MAGIC};
	ssize_t r;

	if (getrandom(header.seed, sizeof header.seed, 0) != sizeof header.seed ||
	    ftruncate(table->fd, 0) == -1)
		return -1;
	errno = ENOSPC;
	r = pwrite(table->fd, &header, sizeof header, 0);
	memcpy(table->seed, header.seed, sizeof table->seed);
	return r == sizeof header ? 0 : -1;
}

/* Make it what it should be, unless somebody else has just done so. */
static int
make(struct failure_table *table)
{
	int r;

	if (flock(table->fd, LOCK_EX) == -1)
		return -1;
	r = read_header(table) ? 0 : write_header(table);
	flock(table->fd, LOCK_UN);
	return r;
}

int
failure_table_open(struct failure_table *table)
{
	int saved;

	table->fd = open_file();
	if (table->fd == -1)
		return -1;
	if (read_header(table) || make(table) == 0)
		return 0;
	saved = errno;
	close(table->fd);
	table->fd = -1;
	errno = saved;
	return -1;
}

uint64_t
failure_table_name(const struct failure_table *table, int kind, const char *s)
{
	uint64_t key[2] = {table->seed[0], table->seed[1] ^ (uint64_t)kind};

	return siphash(key, s, strlen(s)) | 1;
}

static off_t
offset(int kind, uint64_t name)
{
	uint64_t bucket = (name >> 1) % BUCKETS;

	return (off_t)((1 + BUCKETS * (uint64_t)kind + bucket) * sizeof(struct bucket));
}

/* What is left of its failures by now. */
static unsigned
remembered(const struct place *place)
{
	uint32_t halvings = ((uint32_t)time(NULL) - place->when) / FAILURE_TABLE_DECAY;

	if (place->name == 0 || halvings > HALVINGS_MAX)
		return 0;
	return place->failures >> halvings;
}

static int
is_less(const struct place *a, const struct place *b)
{
	unsigned m = remembered(a), n = remembered(b);

	return m != n ? m < n : a->when < b->when;
}

/* The place of the name; else the one with the least failures, or the oldest of those. */
static size_t
find(const struct bucket *bucket, uint64_t name)
{
	size_t i, least = 0;

	for (i = 0; i < FAILURE_TABLE_PLACES; i++) {
		if (bucket->places[i].name == name)
			return i;
		if (is_less(&bucket->places[i], &bucket->places[least]))
			least = i;
	}
	return least;
}

/* Past the end of the file all is free. */
static int
read_bucket(
    const struct failure_table *table, int kind, uint64_t name, struct bucket *bucket)
{
	memset(bucket, 0, sizeof *bucket);
	return pread(table->fd, bucket, sizeof *bucket, offset(kind, name)) == -1 ? -1
										  : 0;
}

unsigned
failure_table_get(const struct failure_table *table, int kind, uint64_t name)
{
	struct bucket bucket;
	size_t i;

	if (read_bucket(table, kind, name, &bucket) == -1)
		return 0;
	i = find(&bucket, name);
	return bucket.places[i].name == name ? remembered(&bucket.places[i]) : 0;
}

int
failure_table_put(
    const struct failure_table *table, int kind, uint64_t name, unsigned failures)
{
	struct place place = {name, failures, (uint32_t)time(NULL)};
	struct bucket bucket;
	off_t at;
	ssize_t r;

	if (read_bucket(table, kind, name, &bucket) == -1)
		return -1;
	at = offset(kind, name) + (off_t)(find(&bucket, name) * sizeof place);
	r = pwrite(table->fd, &place, sizeof place, at);
	if (r != -1 && r != sizeof place)
		errno = ENOSPC;
	return r == sizeof place ? 0 : -1;
}

int
failure_table_take(
    const struct failure_table *table, int kind, uint64_t name, unsigned locks)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	unsigned i;

	lock.l_start = LOCKS_AT + (off_t)(((name >> 1) + (uint64_t)kind) % LOCKED_NAMES) *
				      FAILURE_TABLE_LOCKS;
	for (i = 0; i < locks; i++, lock.l_start++)
		if (fcntl(table->fd, F_OFD_SETLK, &lock) == 0)
			return 1;
	return 0;
}
