#ifndef LIB_CONTROL_AGAIN_H
#define LIB_CONTROL_AGAIN_H

/* What in control/ is asked for again and again, read when it has changed. */

#include <sys/stat.h>

#include <stralloc.h>

/* What was read last.  Zeroed to begin with; it belongs to one list or number
 * of one name. */
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

/* The same of control_number: value stays as it is. */
int control_again_number(struct control_again *last, const char *name,
    unsigned long long *value, unsigned long long fallback);

#endif
