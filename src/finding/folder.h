#ifndef FINDING_FOLDER_H
#define FINDING_FOLDER_H

#include <dirent.h>
#include <stdint.h>

#include "queue/foreign.h"

/* A folder of the queue that is being read, step by step.  Zeroed to begin with. */
struct folder {
	DIR *dir; /* null: none is */
	int64_t place;
};

/*
 * Begin to read the one at place.  Returns 1; 0 when it is not there, or is no folder,
 * which is told once; -1 with errno after a warning.
 */
int folder_open(struct folder *f, struct foreign *foreign, int64_t place);

/*
 * The next name: *id is the message's, valid until the next call, or null for what was
 * none, and has been moved to queue/bad.  Returns 1; 0 at the end, after which it is
 * closed; -1 with errno when the rest can't be read, after a warning, and it is closed.
 */
int folder_next(struct folder *f, struct foreign *foreign, const char **id);

#endif
