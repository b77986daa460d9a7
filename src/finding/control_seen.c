#include <sys/stat.h>

#include "finding/control_seen.h"

int
control_seen_changed(struct control_seen *seen, const char *path)
{
	struct control_seen now = {0};
	struct stat st;
	int same;

	if (stat(path, &st) == 0)
		now = (struct control_seen){st.st_ino, st.st_mtim, st.st_size};
	same = now.ino == seen->ino && now.mtime.tv_sec == seen->mtime.tv_sec &&
	       now.mtime.tv_nsec == seen->mtime.tv_nsec && now.size == seen->size;
	*seen = now;
	return !same;
}
