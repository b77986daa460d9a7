#ifndef REPORT_BOUNCE_ORCPT_H
#define REPORT_BOUNCE_ORCPT_H

/* The address that a sender wrote to, from ORCPT. */

#include <stralloc.h>

#include "queue/file.h"

/*
 * The address that the sender wrote to, of the value of ORCPT: type;address, encoded
 * (RFC 3461, 4.2; RFC 6533, 3).  Begin with a zeroed one; both are C strings.
 */
struct bounce_orcpt {
	stralloc type;
	stralloc address; /* decoded: printable ASCII, or of type utf-8 printable UTF-8 */
	int is_utf8;      /* its type is utf-8 */
};

/*
 * Returns 1; 0 when orcpt is null or malformed.  Dies with DEFER when memory is short.
 */
int bounce_orcpt_parse(struct bounce_orcpt *o, const char *orcpt);

/*
 * That of recipient i: of its ORCPT; without a sound one, the address that it had before
 * the admin redirected it, as if we had added an ORCPT then (RFC 3461, 5.2.1).  Returns
 * 0 when there is neither.  Dies with DEFER when memory is short.
 */
int bounce_orcpt_of(struct bounce_orcpt *o, const struct file *f, size_t i);

/* Free what it holds, and zero it. */
void bounce_orcpt_free(struct bounce_orcpt *o);

#endif
