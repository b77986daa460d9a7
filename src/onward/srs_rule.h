#ifndef ONWARD_SRS_RULE_H
#define ONWARD_SRS_RULE_H

/* Which senders are rewritten, and which addresses turned back: control/srs,
 * control/srssecrets. */

#include <stdint.h>

#include <stralloc.h>

#include "lib/srs.h"
#include "lib/users.h"

/*
 * Set *sender to the one with which mail from it goes on from the address recipient to
 * somewhere else: itself where nothing is to be rewritten.  Returns 0, or -1 with errno
 * when that can't be known now.
 */
int srs_rule_sender(
    stralloc *sender, struct users *users, const char *from, const char *recipient);

/*
 * As srs_reverse for a recipient in a domain of ours, with the secrets of
 * control/srssecrets: without any SRS_NONE.  *result is set.  Returns 0, or -1 with errno
 * when they can't be read.
 */
int srs_rule_reverse(
    stralloc *sa, const char *recipient, int64_t now, enum srs_result *result);

/* Does the address, each ended by \0 in targets, lead out of our domains?  1, 0, or -1
 * with errno. */
int srs_rule_is_remote(struct users *users, const char *address);

#endif
