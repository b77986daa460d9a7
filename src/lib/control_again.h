#ifndef LIB_CONTROL_AGAIN_H
#define LIB_CONTROL_AGAIN_H

/* Lists in control/ that are asked for again and again, read when they have changed. */

#include <sys/stat.h>

#include <stralloc.h>

/* What was read last.  Zeroed to begin with; it belongs to one list of one name. */
struct control_again {
	int is_known;
	int was_there; /* what control_list returned, 1 or 0 */
	struct stat st;
};

/*
 * As control_list; but while control/name is the file that was read last, list stays as
 * it is.  What was written less than a second before it was read is read again, since
 * the clock of the file system might not tell it from what is written next.
 */
int control_again_list(struct control_again *last, const char *name, stralloc *list);

#endif
