#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/lower.h"
#include "tls/wrap_default.h"
#include "tls/wrap_pair.h"

/* The first line of control/me, in lower case; "" when there is none. */
static void
read_me(char me[TLS_NAME_MAX + 1])
{
	ssize_t r = 0;
	int fd;

	fd = open(WRAP_DEFAULT_ME, O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		r = read(fd, me, TLS_NAME_MAX);
		close(fd);
	}
	me[r > 0 ? r : 0] = '\0';
	me[strcspn(me, " \t\r\n")] = '\0';
	lower_string(me);
}

/* Has the folder name a certificate and a key? */
static int
has_pair(const char *name)
{
	struct wrap_pair pair;

	wrap_pair_name(&pair, name, 0);
	return access(pair.certificate, F_OK) == 0 && access(pair.key, F_OK) == 0;
}

void
wrap_default_name(char name[TLS_NAME_MAX + 1])
{
	char path[WRAP_PAIR_PATH], first[TLS_NAME_MAX + 1] = "";
	const struct dirent *entry;
	DIR *dir;

	read_me(name);
	if (!wrap_pair_is_name(name))
		return;
	strcpy(stpcpy(path, WRAP_PAIR_FOLDER), name);
	if (access(path, F_OK) == 0)
		return;
	dir = opendir(WRAP_PAIR_FOLDER);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (wrap_pair_is_name(entry->d_name) && has_pair(entry->d_name) &&
		    (*first == '\0' || strcmp(entry->d_name, first) < 0))
			strcpy(first, entry->d_name);
	closedir(dir);
	if (*first != '\0')
		strcpy(name, first);
}
