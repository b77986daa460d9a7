#ifndef WAY_ROUTE_FACTS_H
#define WAY_ROUTE_FACTS_H

/* What mx-route tells of a way, whatever the form. */

#include <stralloc.h>

#include "way/target.h"

/* Append "mx.example.org:25", "[192.0.2.1]:25", "/path". */
void route_facts_cat_host(stralloc *sa, const struct target *target);

/* smtp, smtps or lmtp. */
const char *route_facts_kind(const struct target *target);

/* The address of ours of that family from which it is reached, or null: any. */
const unsigned char *route_facts_source(const struct destination *d, int is_ip4);

/*
 * Is there a password for the host?  "no"; "yes"; "insecure", which may be said without
 * TLS; or "unknown", with *why.
 */
const char *route_facts_password(const struct target *target, const char **why);

/*
 * What MTA-STS says: none, testing, enforce; absent; or unknown, with *why, when the
 * service that knows can't be asked by us.  *why may tell why there is none, else null.
 */
const char *route_facts_sts(const struct target *target, const char **why);

#endif
