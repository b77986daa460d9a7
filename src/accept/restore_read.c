#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/restore_read.h"
#include "lib/durable.h"
#include "lib/log.h"
#include "lib/text.h"
#include "queue/place.h"

#define PIECE 1048576 /* bytes read at once */

static void
put_aside(const char *path, unsigned number)
{
	char name[] = "journal.NN", bad[PLACE_PATH_MAX];

	name[8] = (char)('0' + number / 10);
	name[9] = (char)('0' + number % 10);
	if (place_rename_bad(path, name, bad) == -1)
		carpsys("unable to move ", path, " to queue/bad");
	else
		log_event(NULL, "damaged", "file", path, "kept", bad, (char *)NULL);
}

static int
is_whole(const struct slot *slot)
{
	struct stat st;

	return fstat(slot->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       slot->segment.size > SEGMENT_BLOCK && slot->segment.size <= SEGMENT_MAX &&
	       (uint64_t)st.st_size >= slot->segment.size;
}

int
restore_read_open(struct slot *slot)
{
	char path[SLOTS_PATH_MAX], block[SEGMENT_BLOCK];

	slots_path(path, slot->number);
	slot->fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (slot->fd == -1 && errno == ENOENT)
		return -1;
	if (slot->fd != -1 && slots_read(slot, block, sizeof block, 0) == 0 &&
	    segment_parse(&slot->segment, block) && is_whole(slot))
		return 0;
	if (slot->fd != -1)
		close(slot->fd);
	slot->fd = -1;
	memset(&slot->segment, 0, sizeof slot->segment);
	put_aside(path, slot->number);
	return -1;
}

/* A piece that can't be read whole, block by block. */
static void
read_blocks(const struct slot *slot, char *s, size_t len, uint64_t at)
{
	char path[SLOTS_PATH_MAX];
	size_t n;

	slots_path(path, slot->number);
	carpsys("unable to read all of ", path);
	for (; len > 0; s += n, at += n, len -= n) {
		n = len < SEGMENT_BLOCK ? len : SEGMENT_BLOCK;
		if (slots_read(slot, s, n, at) == -1)
			memset(s, 0, n);
	}
}

char *
restore_read(const struct slot *slot, size_t len)
{
	char *s = malloc(len);
	size_t at, n;

	if (s == NULL) {
		carpsys("unable to read a segment of " SLOTS_FOLDER);
		return NULL;
	}
	for (at = 0; at < len; at += n) {
		n = len - at < PIECE ? len - at : PIECE;
		if (slots_read(slot, s + at, n, SEGMENT_BLOCK + at) == -1)
			read_blocks(slot, s + at, n, SEGMENT_BLOCK + at);
	}
	return s;
}

/* journal.GENERATION.OFFSET, once: the next time that it is read it is there already. */
int
restore_read_keep(const struct slot *slot, const char *s, size_t len, uint64_t at)
{
	char generation[DECIMAL_MAX], offset[DECIMAL_MAX];
	char name[sizeof "journal.." + 2 * DECIMAL_MAX], path[SLOTS_PATH_MAX];
	struct durable d;

	text_decimal(generation, slot->segment.generation);
	text_decimal(offset, at);
	strcpy(stpcpy(stpcpy(stpcpy(name, "journal."), generation), "."), offset);
	slots_path(path, slot->number);
	if (durable_begin(&d, AT_FDCWD, "queue/bad", 0600) == 0) {
		if (durable_write(d.fd, s, len) == 0 &&
		    durable_commit(&d, "queue/bad", name) == 0) {
			log_event(
			    NULL, "damaged", "file", path, "kept", name, (char *)NULL);
			return 0;
		}
		if (errno == EEXIST)
			return 0;
		durable_abandon(&d);
	}
	carpsys("unable to keep what is damaged in ", path);
	return -1;
}
