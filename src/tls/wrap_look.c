#include <string.h>
#include <sys/stat.h>

#include "tls/wrap_look.h"

int
wrap_look_at(struct wrap_look *look, const char *path)
{
	struct stat st;

	memset(look, 0, sizeof(*look));
	if (stat(path, &st) == -1)
		return -1;
	look->dev = st.st_dev;
	look->ino = st.st_ino;
	look->size = st.st_size;
	look->changed = st.st_ctim;
	return 0;
}

int
wrap_look_is_same(const struct wrap_look *a, const struct wrap_look *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}
