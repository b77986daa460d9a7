#ifndef INSPECT_CHECK_TWIN_H
#define INSPECT_CHECK_TWIN_H

/* Messages of one ID. */

#include "inspect/check.h"

/* Is there another message under the same ID, or has it been counted twice? */
void check_twin(struct check *c, const char *id);

#endif
