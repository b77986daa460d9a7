#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/file_system.h"
#include "lib/text.h"

/* as Linux names them in statfs(2) */
#define EXT4 0xef53
#define XFS 0x58465342

/*
 * The kernel tells which task writes the journal of the ext4 file system on a device,
 * "<none>" without one; before Linux 4.19 it does not.  Returns 1 or 0, -1 when it is not
 * told.
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
		return -1;
	target[len] = '\0';
	name = strrchr(target, '/');
	if (name == NULL || strlen(name) > NAME_MAX)
		return -1;
	strcpy(stpcpy(stpcpy(path, "/sys/fs/ext4"), name), "/journal_task");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	len = read(fd, task, sizeof(task));
	close(fd);
	if (len <= 0)
		return -1;
	return task[0] >= '0' && task[0] <= '9';
}

static unsigned long
type_of(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == -1 ? 0 : (unsigned long)fs.f_type & 0xffffffff;
}

/* Has the ext4 file system fd is in a journal?  As has_journal; -1 when it is another. */
static int
ext4_journal(int fd, unsigned long type)
{
	struct stat st;

	return type == EXT4 && fstat(fd, &st) == 0 ? has_journal(st.st_dev) : -1;
}

int
file_system_renames_whole(int fd)
{
	static const unsigned long known[] = {
	    XFS, 0x9123683e, /* btrfs */
	    0xf2f52010,      /* F2FS */
	    0x3153464a,      /* JFS */
	    0x2fc12fc1,      /* ZFS */
	};
	unsigned long type = type_of(fd);
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (type == known[i])
			return 1;
	return ext4_journal(fd, type) == 1;
}

int
file_system_commits_in_order(int fd)
{
	unsigned long type = type_of(fd);

	return type == XFS || ext4_journal(fd, type) == 1;
}

int
file_system_lacks_journal(int fd)
{
	return ext4_journal(fd, type_of(fd)) == 0;
}
