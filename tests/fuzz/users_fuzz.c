/* A users.cdb of any content: found, not found or damaged, but no crash and no loop. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/users.h"

static char folder[] = "/tmp/facteur-fuzz.XXXXXX";

static void
remove_folder(void)
{
	unlink(USERS_CDB);
	rmdir("users");
	rmdir(folder);
}

static void
write_file(const uint8_t *data, size_t len)
{
	static int fd = -1;

	if (fd == -1) {
		if (mkdtemp(folder) == NULL || chdir(folder) == -1 ||
		    mkdir("users", 0700) == -1)
			abort();
		atexit(remove_folder);
		fd = open(USERS_CDB, O_WRONLY | O_CREAT, 0600);
	}
	if (ftruncate(fd, 0) == -1 || pwrite(fd, data, len, 0) != (ssize_t)len)
		abort();
}

static void
find(struct users *u, const char *address)
{
	static struct user user;

	if (users_find(u, address, strlen(address), &user) == 1 &&
	    user.kind == USER_ALIAS &&
	    (user.targets.len == 0 || user.targets.s[user.targets.len - 1] != '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct users u;

	write_file(data, len);
	if (users_open(&u) == -1)
		return 0;
	users_domain(&u, "example.test", 12);
	find(&u, "alice@example.test");
	find(&u, "team+list@example.test");
	find(&u, "nobody@example.test");
	users_close(&u);
	return 0;
}
