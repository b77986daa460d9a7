#ifndef ADMIN_ADDRESS_SET_H
#define ADMIN_ADDRESS_SET_H

/* Addresses that were met in the users' files, to find those that stand twice. */

#include <stddef.h>

#include <stralloc.h>

/* Which addresses have been met, and in which line of which file. */
struct address_set {
	stralloc keys; /* all of them, one after the other */
	struct address_place *table;
	size_t slots; /* of the table, a power of two */
	size_t count;
};

struct address_place {
	size_t key; /* its offset in keys, plus one: 0 for an empty slot */
	size_t len;
	const char *file;
	unsigned long number;
};

/*
 * Enter the key s[0..len).  Returns null, or where it was entered before (valid until the
 * next call).  Dies with DEFER when memory is short.
 */
const struct address_place *address_set_enter(struct address_set *set, const char *s,
    size_t len, const char *file, unsigned long number);

/* Where it was entered, or null. */
const struct address_place *address_set_find(
    const struct address_set *set, const char *s, size_t len);

/* Forget all and free the memory. */
void address_set_free(struct address_set *set);

#endif
