#ifndef LIB_DONE_LIST_H
#define LIB_DONE_LIST_H

/* What of a work is done, remembered in a file, so that it is not done again after a
 * crash. */

#include <stralloc.h>

struct done_list {
	int fd;
	stralloc names; /* each ended by \0 */
};

#define DONE_LIST_CLOSED                                                                 \
	{                                                                                \
		.fd = -1                                                                 \
	}

/*
 * Open the file path, make it where there is none, and read it; a name that a crash has
 * cut is taken out of it.  Returns 0, or -1 with errno.  Dies with DEFER when memory is
 * short.
 */
int done_list_open(struct done_list *list, const char *path);

/* Did the name stand in the file when it was read? */
int done_list_has(const struct done_list *list, const char *name);

/* Write the name, durably.  Returns 0, or -1 with errno. */
int done_list_add(const struct done_list *list, const char *name);

/* Close it, and free what was read; done_list_open may follow. */
void done_list_close(struct done_list *list);

#endif
