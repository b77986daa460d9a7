#ifndef LIB_RESOLVER_ASK_H
#define LIB_RESOLVER_ASK_H

/* Questions to the DNS, on the channel of a resolver. */

#include <ares.h>

#include "lib/resolver.h"

#define RESOLVER_ASK_BYTES 1232 /* what passes without fragments: DNS flag day 2020 */

/*
 * Ask for records of class IN, with the AD bit, so that a validating server says whether
 * it has found them signed (RFC 6840, 5.7).  take is called as ares_query would: with the
 * answer as it came where there was one, also with ARES_ENODATA and ARES_ENOTFOUND.
 */
void resolver_ask(
    struct resolver *r, const char *name, int type, ares_callback take, void *question);

/* Let the client work until all questions are answered or the time is over. */
void resolver_ask_await(struct resolver *r);

/* Is there an answer, signed as far as its server knows, and is that believed? */
int resolver_ask_is_secure(const struct resolver *r, const unsigned char *bytes, int len);

/* What ares' status of an answer means. */
enum resolver_lookup resolver_ask_lookup(int status);

#endif
