#ifndef WAY_WAY_POLICY_H
#define WAY_WAY_POLICY_H

/* What control/tlspolicy says of the way to a host. */

#include "way/way_security.h"

/*
 * Put into s what the line says that counts: that of the host, if the admin named it,
 * else that of the recipients' domain, else the one for all.  Returns 1; 0 when there is
 * none, and s is as it was; -1 with fault when the line is malformed.
 */
int way_policy_apply(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault);

/*
 * Append to the key of a destination what would lead to another policy: the line for the
 * domain, and in which state all are.
 */
void way_policy_key(
    stralloc *key, const struct way_settings *settings, const char *domain);

#endif
