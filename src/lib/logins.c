#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/logins.h"
#include "lib/queueid.h"
#include "lib/text_number.h"

#define FD_MAX 1048576
#define LOWEST 20
#define DIGITS 16 /* of 64 bits */
#define PATH_SIZE (sizeof LOGINS_FOLDER "/" + 2 * DIGITS)

static char *
put_digits(char *s, uint64_t n)
{
	int i;

	for (i = DIGITS - 1; i >= 0; i--, n >>= 4)
		s[i] = "0123456789abcdef"[n & 15];
	return s + DIGITS;
}

/* An address may have characters, and a length, that no name of a file has. */
static void
name_mark(char path[PATH_SIZE], const char *key)
{
	char *end = stpcpy(path, LOGINS_FOLDER "/");

	end = put_digits(end, queueid_hash(key, 1));
	*put_digits(end, queueid_hash(key, 2)) = '\0';
}

static int
make_folders(void)
{
	static const char *const folders[] = {"state", "state/auth", LOGINS_FOLDER};
	size_t i;

	for (i = 0; i < sizeof folders / sizeof *folders; i++)
		if (mkdir(folders[i], i == 0 ? 0755 : 0700) == -1 && errno != EEXIST)
			return -1;
	return 0;
}

/* Away from the low descriptors, which have meanings. */
static int
move(int low)
{
	int fd = fcntl(low, F_DUPFD_CLOEXEC, LOWEST), saved = errno;

	close(low);
	errno = saved;
	return fd;
}

int
logins_open(const char *key, int create)
{
	char path[PATH_SIZE];
	int fd, flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;

	name_mark(path, key);
	fd = open(path, flags | (create ? O_CREAT : 0), 0600);
	if (fd == -1 && create && errno == ENOENT && make_folders() == 0)
		fd = open(path, flags | O_CREAT, 0600);
	return fd != -1 ? move(fd) : -1;
}

int
logins_end(const char *key)
{
	char path[PATH_SIZE];

	name_mark(path, key);
	return unlink(path) == -1 && errno != ENOENT ? -1 : 0;
}

int
logins_ended(int fd)
{
	struct stat st;

	return fd != -1 && fstat(fd, &st) == 0 && st.st_nlink == 0;
}

int
logins_ended_here(void)
{
	const char *s = getenv(LOGINS_FD);
	unsigned long long fd;

	return s != NULL && text_number(s, strlen(s), FD_MAX, &fd) &&
	       logins_ended((int)fd);
}
