#ifndef FINDING_CONTROL_SEEN_H
#define FINDING_CONTROL_SEEN_H

/* Whether a control file is still the one that was read. */

#include <sys/types.h>
#include <time.h>

/* What it was when it was looked at last.  Zeroed to begin with. */
struct control_seen {
	ino_t ino;
	struct timespec mtime;
	off_t size;
};

/*
 * Has control/NAME, path, changed, come or gone?  A look costs one call, and does not
 * wait behind a full trigger.
 */
int control_seen_changed(struct control_seen *seen, const char *path);

#endif
