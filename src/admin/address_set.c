#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "admin/address_set.h"
#include "lib/heap.h"
#include "lib/text.h"

/* FNV-1a.  The keys are the admin's own, so nobody plays against the table. */
static uint64_t
hash_of(const char *s, size_t len)
{
	uint64_t h = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211ULL;
	return h ^ h >> 32;
}

/* The slot where the key stands, or where it would. */
static struct address_place *
slot_of(const struct address_set *set, const char *s, size_t len)
{
	size_t i = hash_of(s, len) & (set->slots - 1);

	while (set->table[i].key != 0 &&
	       (set->table[i].len != len ||
		   memcmp(set->keys.s + set->table[i].key - 1, s, len) != 0))
		i = (i + 1) & (set->slots - 1);
	return &set->table[i];
}

static void
grow(struct address_set *set)
{
	struct address_set bigger = *set;
	size_t i;

	bigger.slots = set->slots ? set->slots * 2 : 1024;
	bigger.table = heap_make(bigger.slots, sizeof *bigger.table);
	for (i = 0; i < set->slots; i++)
		if (set->table[i].key != 0)
			*slot_of(&bigger, set->keys.s + set->table[i].key - 1,
			    set->table[i].len) = set->table[i];
	free(set->table);
	*set = bigger;
}

const struct address_place *
address_set_enter(struct address_set *set, const char *s, size_t len, const char *file,
    unsigned long number)
{
	struct address_place *place;

	if (set->count * 2 >= set->slots)
		grow(set);
	place = slot_of(set, s, len);
	if (place->key != 0)
		return place;
	place->key = set->keys.len + 1;
	place->len = len;
	place->file = file;
	place->number = number;
	text_catb(&set->keys, s, len);
	set->count++;
	return NULL;
}

const struct address_place *
address_set_find(const struct address_set *set, const char *s, size_t len)
{
	const struct address_place *place = set->slots ? slot_of(set, s, len) : NULL;

	return place != NULL && place->key != 0 ? place : NULL;
}

void
address_set_free(struct address_set *set)
{
	free(set->table);
	stralloc_free(&set->keys);
	memset(set, 0, sizeof *set);
}
