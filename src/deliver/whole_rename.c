#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "deliver/whole_rename.h"
#include "lib/text.h"

#define EXT4 0xef53

/*
 * The kernel tells which task writes the journal of the ext4 file system on a device,
 * "<none>" without one; before Linux 4.19 it does not.
 */
static int
has_journal(dev_t device)
{
	char link[64], target[PATH_MAX], path[PATH_MAX], task[16], *name;
	ssize_t len;
	int fd;

	name = stpcpy(link, "/sys/dev/block/");
	name += strlen(text_decimal(name, major(device)));
	*name++ = ':';
	text_decimal(name, minor(device));
	len = readlink(link, target, sizeof(target) - 1);
	if (len == -1)
		return 0;
	target[len] = '\0';
	name = strrchr(target, '/');
	if (name == NULL || strlen(name) > NAME_MAX)
		return 0;
	strcpy(stpcpy(stpcpy(path, "/sys/fs/ext4"), name), "/journal_task");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	len = read(fd, task, sizeof(task));
	close(fd);
	return len > 0 && task[0] >= '0' && task[0] <= '9';
}

int
whole_rename(int fd)
{
	static const unsigned long known[] = {
	    0x58465342, /* XFS */
	    0x9123683e, /* btrfs */
	    0xf2f52010, /* F2FS */
	    0x3153464a, /* JFS */
	    0x2fc12fc1, /* ZFS */
	};
	struct statfs fs;
	struct stat st;
	size_t i;

	if (fstatfs(fd, &fs) == -1 || fstat(fd, &st) == -1)
		return 0;
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (((unsigned long)fs.f_type & 0xffffffff) == known[i])
			return 1;
	return ((unsigned long)fs.f_type & 0xffffffff) == EXT4 && has_journal(st.st_dev);
}
