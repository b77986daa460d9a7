#ifndef WAY_ROUTE_TEXT_H
#define WAY_ROUTE_TEXT_H

/* The way of an address, for people. */

#include <stralloc.h>

#include "way/target.h"

/* Append a line: it is delivered here. */
void route_text_local(stralloc *sa, const char *address);

/* Append where mail for the address goes, and why; target_begin has filled d. */
void route_text_begin(stralloc *sa, const char *address, const struct destination *d);

/* Append a host, and what holds there. */
void route_text_host(
    stralloc *sa, const struct destination *d, const struct target *target);

/*
 * Append what went wrong on the way, if there is anything.  With the address it is all
 * that is known of it.
 */
void route_text_fault(stralloc *sa, const char *address, const struct outcome *fault);

#endif
