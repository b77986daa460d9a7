#ifndef QUEUE_DOUBLE_BOUNCE_H
#define QUEUE_DOUBLE_BOUNCE_H

#include <stralloc.h>

/*
 * Who gets the bounces of bounces: control/doublebounceto, else postmaster at our default
 * domain or, without one, host.  Returns 0; -1 after a warning that names the file.
 */
int double_bounce_to(stralloc *to);

#endif
