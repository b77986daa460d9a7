#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "deliver/maildir_find.h"
#include "lib/maildirname.h"

/* Does the name of a file meet the one that is looked for? */
typedef int meets(const char *name, const char *wanted);

/*
 * Look through a folder for a name; where found is not null it is copied there.  1, 0, or
 * -1 with errno.
 */
static int
search(int maildir, const char *folder, const char *wanted, meets *match, char *found)
{
	struct dirent *entry;
	int fd, saved;
	DIR *list;

	fd = openat(maildir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	list = fdopendir(fd);
	if (list == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	errno = 0;
	while ((entry = readdir(list)) != NULL && !match(entry->d_name, wanted))
		;
	saved = errno;
	if (entry != NULL && found != NULL)
		strcpy(found, entry->d_name);
	closedir(list);
	errno = saved;
	return entry != NULL ? 1 : saved != 0 ? -1 : 0;
}

static int
has_base(const char *name, const char *wanted)
{
	size_t len = maildirname_base(wanted);

	return maildirname_base(name) == len && memcmp(name, wanted, len) == 0;
}

int
maildir_find(int maildir, const char *name)
{
	int r = search(maildir, "new", name, has_base, NULL);

	return r != 0 ? r : search(maildir, "cur", name, has_base, NULL);
}

int
maildir_find_name(int maildir, const char *folder, const char *name)
{
	char path[sizeof("new/") + NAME_MAX];

	if (strlen(name) > NAME_MAX)
		return 0;
	strcpy(stpcpy(stpcpy(path, folder), "/"), name);
	return faccessat(maildir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* SECONDS.IDrHASH. and what follows the host, which may have got another name since. */
static int
is_prepared(const char *name, const char *wanted)
{
	const char *dot = strchr(strchr(wanted, '.') + 1, '.');
	const char *sizes = wanted + maildirname_base(wanted);

	return strncmp(name, wanted, (size_t)(dot + 1 - wanted)) == 0 &&
	       strcmp(name + maildirname_base(name), sizes) == 0;
}

int
maildir_find_prepared(int maildir, const char *name, char *found)
{
	return search(maildir, "tmp", name, is_prepared, found);
}
