#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/done_list.h"
#include "lib/durable.h"
#include "lib/text.h"

int
done_list_open(struct done_list *list, const char *path)
{
	char block[4096];
	ssize_t r;

	list->names.len = 0;
	list->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (list->fd == -1)
		return -1;
	while ((r = read(list->fd, block, sizeof block)) > 0)
		text_catb(&list->names, block, (size_t)r);
	while (list->names.len > 0 && list->names.s[list->names.len - 1] != '\0')
		list->names.len--;
	return r == 0 ? ftruncate(list->fd, (off_t)list->names.len) : -1;
}

int
done_list_has(const struct done_list *list, const char *name)
{
	size_t at;

	for (at = 0; at < list->names.len; at += strlen(list->names.s + at) + 1)
		if (strcmp(list->names.s + at, name) == 0)
			return 1;
	return 0;
}

int
done_list_add(const struct done_list *list, const char *name)
{
	return durable_write(list->fd, name, strlen(name) + 1) == -1
		   ? -1
		   : fdatasync(list->fd);
}

void
done_list_close(struct done_list *list)
{
	if (list->fd != -1)
		close(list->fd);
	list->fd = -1;
	stralloc_free(&list->names);
}
