#ifndef ONWARD_ORIGIN_H
#define ONWARD_ORIGIN_H

/* The message from which others have been forwarded. */

#include "lib/job.h"

/*
 * The ID of the message as it came: that of the job, or the one from which aliases have
 * forwarded it.  By it a mailbox knows the same message on different ways.
 */
const char *origin_id(const struct job *job);

#endif
