#ifndef TURNS_TABLE_H
#define TURNS_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A hash table.  An entry is the first member of what is kept in it, so that a pointer to
 * one is a pointer to the other; several may have the same key.
 */
struct table_entry {
	struct table_entry *chain;
	uint64_t key;
};

/* Zeroed to begin with. */
struct table {
	struct table_entry **slots;
	size_t room; /* slots, a power of 2 */
	size_t count;
};

/* An entry with the key, and another one with that of e; null when there is none. */
struct table_entry *table_find(const struct table *t, uint64_t key);
struct table_entry *table_find_next(const struct table_entry *e);

/* Put e in.  Dies with DEFER for lack of memory. */
void table_put(struct table *t, struct table_entry *e, uint64_t key);

/* Take e out, which is in. */
void table_remove(struct table *t, struct table_entry *e);

/*
 * All entries, in no order: the one after e, or the first one after null; null after the
 * last.  e may be taken out as soon as the next one is known; nothing may be put in.
 */
struct table_entry *table_next(const struct table *t, const struct table_entry *e);

#endif
