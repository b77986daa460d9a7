#ifndef INSPECT_CHECK_FOLDERS_H
#define INSPECT_CHECK_FOLDERS_H

/* What queue-check looks at in the folders of the queue. */

#include "inspect/check.h"

/*
 * The folders and the trigger: are they there, and whose are they?  Owner and group are
 * what most of them have, for one alone may have been given away by mistake.
 */
void check_folders(struct check *c);

/* What stands in queue/later itself. */
void check_folders_buckets(struct check *c);

#endif
