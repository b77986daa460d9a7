#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/siphash.h"
#include "policy/state_table.h"

#define MAGIC "facteur-state-1"
#define BUCKET_BYTES 4096
#define BUCKET_ENTRIES (BUCKET_BYTES / sizeof(struct state_entry))
#define HEADER_BYTES BUCKET_BYTES /* so that buckets are pages */

_Static_assert(sizeof(struct state_entry) == 64, "no entry lies in two disk sectors");

struct header {
	char magic[sizeof MAGIC];
	uint32_t buckets;
	uint32_t zero;
	uint64_t seed[2];
};

static int
set_lock(int fd, short type, uint64_t start)
{
	struct flock lock = {.l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)start,
	    .l_len = BUCKET_BYTES};
	int r;

	do
		r = fcntl(fd, F_OFD_SETLKW, &lock);
	while (r == -1 && errno == EINTR);
	return r;
}

/* Returns 1; 0 when there is no sound header. */
static int
read_header(struct state_table *table)
{
	struct header header;

	if (pread(table->fd, &header, sizeof header, 0) != sizeof header ||
	    memcmp(header.magic, MAGIC, sizeof MAGIC) != 0 || !header.buckets)
		return 0;
	table->buckets = header.buckets;
	memcpy(table->seed, header.seed, sizeof table->seed);
	return 1;
}

/* Returns 0, or -1 with errno. */
static int
write_header(struct state_table *table, uint32_t buckets)
{
	struct header header = {.magic = MAGIC, .buckets = buckets};

	if (getrandom(header.seed, sizeof header.seed, 0) != sizeof header.seed ||
	    ftruncate(table->fd, 0) == -1 ||
	    ftruncate(table->fd, HEADER_BYTES + (off_t)buckets * BUCKET_BYTES) == -1 ||
	    pwrite(table->fd, &header, sizeof header, 0) != sizeof header)
		return -1;
	table->buckets = buckets;
	memcpy(table->seed, header.seed, sizeof table->seed);
	return 0;
}

/* Make the table, unless somebody else has just done so.  Returns 0, or -1 with errno. */
static int
make(struct state_table *table, uint32_t buckets)
{
	int r;

	if (set_lock(table->fd, F_WRLCK, 0) == -1)
		return -1;
	r = read_header(table) ? 0 : write_header(table, buckets);
	table->locked = 0;
	state_table_unlock(table);
	return r;
}

int
state_table_open(struct state_table *table, const char *path, uint32_t buckets)
{
	int saved;

	memset(table, 0, sizeof *table);
	table->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (table->fd == -1)
		return -1;
	if (read_header(table) || make(table, buckets) == 0)
		return 0;
	saved = errno;
	close(table->fd);
	table->fd = -1;
	errno = saved;
	return -1;
}

/* Where in the bucket the key is, or else where it goes; *found tells which. */
static size_t
find_place(const struct state_entry *entries, const struct state_entry *wanted,
    int64_t now, int *found)
{
	size_t i, place = 0;

	*found = 0;
	for (i = 0; i < BUCKET_ENTRIES; i++) {
		if (memcmp(entries[i].key, wanted->key, sizeof wanted->key) == 0) {
			*found = entries[i].expires > now;
			return i;
		}
		if (entries[i].expires < entries[place].expires)
			place = i;
	}
	return place;
}

/* What key is called: two hashes, the second under another key of the same secret. */
static void
name(const struct state_table *table, const char *key, uint64_t hashes[2])
{
	const uint64_t second[2] = {table->seed[0], ~table->seed[1]};

	hashes[0] = siphash(table->seed, key, strlen(key));
	hashes[1] = siphash(second, key, strlen(key));
}

int
state_table_get(
    struct state_table *table, const char *key, int64_t now, struct state_entry *entry)
{
	/* a file that was cut is one of zeroes */
	struct state_entry entries[BUCKET_ENTRIES] = {0};
	size_t place;
	int found;

	memset(entry, 0, sizeof *entry);
	name(table, key, entry->key);
	table->locked =
	    HEADER_BYTES + (entry->key[0] % table->buckets) * (uint64_t)BUCKET_BYTES;
	if (set_lock(table->fd, F_WRLCK, table->locked) == -1)
		return -1;
	if (pread(table->fd, entries, sizeof entries, (off_t)table->locked) == -1) {
		state_table_unlock(table);
		return -1;
	}
	place = find_place(entries, entry, now, &found);
	table->place = table->locked + place * sizeof *entry;
	if (found)
		*entry = entries[place];
	return found;
}

int
state_table_put(struct state_table *table, const struct state_entry *entry)
{
	ssize_t r = pwrite(table->fd, entry, sizeof *entry, (off_t)table->place);

	if (r == (ssize_t)sizeof *entry)
		return 0;
	if (r != -1)
		errno = ENOSPC;
	return -1;
}

void
state_table_unlock(struct state_table *table)
{
	int saved = errno;

	set_lock(table->fd, F_UNLCK, table->locked);
	table->locked = 0;
	errno = saved;
}
