#ifndef DNS_DNS_MESSAGE_H
#define DNS_DNS_MESSAGE_H

/* Answers of the DNS, as its messages have them: RFC 1035, 4. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/dns_answer.h"

#define DNS_MESSAGE_CNAMES_MAX 16 /* of a chain that are followed */

/* The type of records that a word means, or 0. */
unsigned dns_message_type(const char *s, size_t len);

/*
 * Read the answer m[0..len) to a question for records of type: into answer->status,
 * secure, ttl and, to be kept by the caller, name; the records are appended to records, a
 * netstring each.  An answer that says nothing, is cut or malformed is
 * DNS_ANSWER_FAILED.
 */
void dns_message_read(struct dns_answer *answer, stralloc *name, stralloc *records,
    const unsigned char *m, size_t len, unsigned type);

#endif
