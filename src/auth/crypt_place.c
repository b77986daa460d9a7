#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "auth/crypt_place.h"
#include "auth/failure_table.h"
#include "lib/deadline.h"

#define EACH 2 /* of a processor */
#define PLACES_MAX 1024
#define PAUSE_MS 10
#define PLACES_AT ((off_t)1 << 61) /* past all else that is locked in the file */

unsigned
crypt_place_count(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 1)
		processors = 1;
	return processors < PLACES_MAX / EACH ? (unsigned)processors * EACH : PLACES_MAX;
}

static int
try(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	unsigned i, count = crypt_place_count();

	for (i = 0; i < count; i++) {
		lock.l_start = PLACES_AT + (off_t)i;
		if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
			return 1;
	}
	return 0;
}

int
crypt_place_take(int64_t due)
{
	struct failure_table table;

	if (failure_table_open(&table) == -1)
		return -1;
	while (!try(table.fd)) {
		if (deadline_now() >= due) {
			close(table.fd);
			errno = ETIMEDOUT;
			return -1;
		}
		deadline_wait(-1, 0, deadline_now() + PAUSE_MS);
	}
	return table.fd;
}
