#ifndef WAY_ROUTE_JSON_H
#define WAY_ROUTE_JSON_H

/* The way of an address, for programs: an object on a line. */

#include <stralloc.h>

#include "way/target.h"

/* Begin the object; d as target_begin has filled it, or null when that failed, or the
 * address is local. */
void route_json_begin(
    stralloc *sa, const char *address, int is_local, const struct destination *d);

/* Append a host; is_first: there was none before. */
void route_json_host(
    stralloc *sa, const struct destination *d, const struct target *target, int is_first);

/* End the object, with what went wrong on the way. */
void route_json_end(stralloc *sa, const struct outcome *fault);

#endif
