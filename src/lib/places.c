#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/places.h"
#include "lib/queueid.h"
#include "lib/text.h"

#define SERVER "server " /* no address begins so */

/*
 * Locks of fcntl belong to the process: they last through exec, are not inherited by
 * children, and end with it however it ends.  The descriptor stays open for that.
 */
int
places_open(const char *path, int flags)
{
	/* musl's open asks the kernel for close-on-exec a second time */
	return openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_NOFOLLOW | flags, 0600);
}

/*
 * A place is a byte of the file, which need not be there for being locked.  Each key has
 * PLACES_MAX of them, at an offset that 50 bits of its hash decide.
 */
static off_t
first_of(const char *key)
{
	return (off_t)(queueid_hash(key, 0) >> 14) * PLACES_MAX;
}

/* Take one of the bytes from first to first + count, looking from the one at start on. */
static int
take(int fd, off_t first, unsigned count, unsigned start)
{
	struct flock place = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	unsigned i;

	for (i = 0; i < count; i++) {
		place.l_start = first + (start + i) % count;
		if (fcntl(fd, F_SETLK, &place) == 0)
			return 1;
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			return -1;
	}
	return 0;
}

int
places_take(int fd, const char *key, unsigned limit)
{
	return take(fd, first_of(key), limit, 0);
}

/* The last place of a server is kept free. */
static unsigned
most_of(unsigned limit)
{
	return limit > 1 ? limit - 1 : 1;
}

static unsigned
quiet_of(unsigned limit)
{
	return (3 * most_of(limit) + 3) / 4;
}

int
places_judge(unsigned count, unsigned limit)
{
	if (count >= most_of(limit))
		return 0;
	return count < quiet_of(limit) ? 1 : 2;
}

/*
 * The parent is the server, whatever port it has and however the connection came there.
 * Beginning anywhere in the first three quarters, most find a place at the first attempt.
 */
int
places_take_server(int fd, unsigned limit)
{
	char key[sizeof SERVER + DECIMAL_MAX] = SERVER, digits[DECIMAL_MAX];
	unsigned quiet = quiet_of(limit);
	off_t first;
	int r;

	strcat(key, text_decimal(digits, (unsigned long long)getppid()));
	first = first_of(key);
	r = take(fd, first, quiet, (unsigned)getpid() % quiet);
	if (r != 0)
		return r;
	r = take(fd, first + quiet, most_of(limit) - quiet, 0);
	return r == 1 ? 2 : r;
}
