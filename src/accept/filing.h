#ifndef ACCEPT_FILING_H
#define ACCEPT_FILING_H

/*
 * Messages of the journal that become files without the scheduler: when there is none, or
 * a tool wants one.  A file is complete under its name in the journal's folder, and takes
 * the place of the record; when that is settled, it goes to queue/new.
 */

#include "accept/service.h"

/* Begin what is due: a child does it, beside our work. */
void filing_begin(struct service *s);

/* The child has ended with this status. */
void filing_ended(struct service *s, int status);

/*
 * A file that stands complete in the journal's folder, and of which nothing stands in the
 * journal: it is noted there, and then goes to queue/new, too.
 */
void filing_take(struct service *s, const char *id);

/* What has been settled as a file goes to queue/new: to be called after a batch. */
void filing_publish(struct service *s);

#endif
