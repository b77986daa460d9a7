#include <stdlib.h>
#include <string.h>

#include "dns/dns_cache.h"
#include "lib/heap.h"
#include "lib/siphash.h"

/* Each question has two places; null is for none of them. */
static struct dns_cache_place *
place_of(struct dns_cache *cache, const char *question, unsigned which)
{
	uint64_t hash = siphash(cache->hash_key, question, strlen(question));

	if (cache->places == NULL)
		cache->places = heap_make(DNS_CACHE_PLACES, sizeof(*cache->places));
	return &cache->places[(which == 0 ? hash : hash >> 32) % DNS_CACHE_PLACES];
}

static void
empty(struct dns_cache_place *place)
{
	free(place->key);
	free(place->bytes);
	memset(place, 0, sizeof(*place));
}

const struct dns_answer *
dns_cache_find(struct dns_cache *cache, const char *question, int64_t now)
{
	struct dns_cache_place *place;
	unsigned i;

	for (i = 0; i < 2; i++) {
		place = place_of(cache, question, i);
		if (place->key == NULL || strcmp(place->key, question) != 0)
			continue;
		if (place->until > now) {
			place->answer.ttl = (uint32_t)((place->until - now) / 1000);
			return &place->answer;
		}
		empty(place);
	}
	return NULL;
}

void
dns_cache_keep(struct dns_cache *cache, const char *question,
    const struct dns_answer *answer, int64_t now)
{
	struct dns_cache_place *place = place_of(cache, question, 0);
	struct dns_cache_place *other = place_of(cache, question, 1);

	if (answer->status == DNS_ANSWER_FAILED || answer->ttl == 0 ||
	    answer->name_len + answer->records_len > DNS_CACHE_ANSWER_MAX)
		return;
	/* the one that is empty, or holds for less long */
	if (place->key != NULL && (other->key == NULL || other->until < place->until))
		place = other;
	empty(place);
	place->key = heap_copy(question, strlen(question));
	place->bytes = heap_make(1, answer->name_len + answer->records_len + 1);
	if (answer->name_len > 0)
		memcpy(place->bytes, answer->name, answer->name_len);
	if (answer->records_len > 0)
		memcpy(place->bytes + answer->name_len, answer->records,
		    answer->records_len);
	place->answer = *answer;
	place->answer.name = place->bytes;
	place->answer.records = place->bytes + answer->name_len;
	place->until = now + answer->ttl * INT64_C(1000);
}

void
dns_cache_free(struct dns_cache *cache)
{
	size_t i;

	for (i = 0; cache->places != NULL && i < DNS_CACHE_PLACES; i++)
		empty(&cache->places[i]);
	free(cache->places);
	cache->places = NULL;
}
