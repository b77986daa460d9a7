#ifndef INSPECT_EDIT_IDS_H
#define INSPECT_EDIT_IDS_H

/* Messages that are put aside, to be changed later than the others. */

#include <stddef.h>

#include "lib/queueid.h"

/* Zeroed to begin with. */
struct edit_ids {
	char (*ids)[QUEUEID_LEN + 1];
	size_t count;
};

/* Remember one.  Dies with DEFER when memory is short. */
void edit_ids_put(struct edit_ids *list, const char *id);

#endif
