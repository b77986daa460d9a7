#ifndef POLICY_RELAY_REFUSAL_H
#define POLICY_RELAY_REFUSAL_H

/* Recipients whom the admin's routes refuse: "fail TEXT" in them. */

#include <stddef.h>

#include <stralloc.h>

/*
 * Append the answer of policy(5) to out when control/smtproutes or control/senderroutes
 * refuse mail from sender, a C string, to a domain that is not ours.  Returns 1 then; 0
 * when they don't; -1 with errno, and the name of the file in *file, when one can't be
 * read.
 */
int relay_refusal_find(
    const char *sender, const char *domain, size_t len, stralloc *out, const char **file);

#endif
