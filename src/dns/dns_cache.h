#ifndef DNS_DNS_CACHE_H
#define DNS_DNS_CACHE_H

/* Answers of the DNS kept for as long as they hold, in bounded memory. */

#include <stddef.h>
#include <stdint.h>

#include "lib/dns_answer.h"

#define DNS_CACHE_PLACES 8192     /* for an answer each */
#define DNS_CACHE_ANSWER_MAX 2048 /* bytes: a larger one is not kept */

struct dns_cache_place {
	char *key;                /* "TYPE NAME"; null: it is empty */
	char *bytes;              /* of the answer: name and records */
	struct dns_answer answer; /* points into them */
	int64_t until;            /* of deadline_now */
};

/* Zeroed to begin with, but for the hash's key, which nobody else is to know. */
struct dns_cache {
	uint64_t hash_key[2];
	struct dns_cache_place *places;
};

/*
 * The answer to the question "TYPE NAME", the name in lower case, with the seconds for
 * which it holds from now on; null when it is not there.  It is good up to the next
 * dns_cache_keep.
 */
const struct dns_answer *dns_cache_find(
    struct dns_cache *cache, const char *question, int64_t now);

/* Keep an answer, if it holds for a while.  Dies with DEFER when memory is short. */
void dns_cache_keep(struct dns_cache *cache, const char *question,
    const struct dns_answer *answer, int64_t now);

void dns_cache_free(struct dns_cache *cache);

#endif
