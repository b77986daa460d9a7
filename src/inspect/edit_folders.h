#ifndef INSPECT_EDIT_FOLDERS_H
#define INSPECT_EDIT_FOLDERS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The places that messages have left or come to.  One sync of each at the end does for
 * all of them.  Zeroed to begin with.
 */
struct edit_folders {
	int64_t *places;
	size_t count;
};

/* Remember the place.  Dies with DEFER when memory is short. */
void edit_folders_put(struct edit_folders *f, int64_t place);

/* Sync them all.  Returns 0, or -1 after a warning. */
int edit_folders_sync(const struct edit_folders *f);

#endif
