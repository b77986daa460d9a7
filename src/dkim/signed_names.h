#ifndef DKIM_SIGNED_NAMES_H
#define DKIM_SIGNED_NAMES_H

/* Which fields of a message we sign: RFC 6376, 5.4. */

#include <stralloc.h>

#include "dkim/fields.h"

#define SIGNED_NAMES_MOST 30 /* fields of one name */

/*
 * Append to names what h= will say, and to header the fields in their relaxed canonical
 * form, as they are hashed.  Dies with DEFER when memory is short.
 */
void signed_names_choose(const struct fields *fields, stralloc *names, stralloc *header);

#endif
