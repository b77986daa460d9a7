#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/maildir_sweep.h"

/* It changes in no way while it is read or written; only its making and naming count. */
static int
is_old(int folder, const char *name, time_t now)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && now - st.st_mtime > MAILDIR_SWEEP_AGE &&
	       now - st.st_ctime > MAILDIR_SWEEP_AGE;
}

void
maildir_sweep(int maildir)
{
	int fd = openat(maildir, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd == -1 ? NULL : fdopendir(fd);
	time_t now = time(NULL);
	struct dirent *entry;

	if (list == NULL) {
		if (fd != -1)
			close(fd);
		return;
	}
	while ((entry = readdir(list)) != NULL)
		if (entry->d_name[0] != '.' && is_old(fd, entry->d_name, now))
			unlinkat(fd, entry->d_name, 0);
	closedir(list);
}
