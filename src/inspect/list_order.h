#ifndef INSPECT_LIST_ORDER_H
#define INSPECT_LIST_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "inspect/list_entry.h"
#include "lib/queueid.h"

/*
 * The order in which messages are shown, when one is asked for: all of them are kept in
 * memory, 48 bytes each.
 */
enum list_order_key {
	LIST_UNSORTED,
	LIST_BY_AGE,    /* the oldest first */
	LIST_BY_SIZE,   /* the largest first */
	LIST_BY_TRIES,  /* the most often tried first */
	LIST_BY_SENDER, /* together */
	LIST_BY_NEXT    /* the next one first, those without a time last */
};

struct list_order {
	enum list_order_key key;
	struct list_item {
		uint64_t rank;
		int64_t place;
		char id[QUEUEID_LEN + 1];
	} * items;
	size_t count;
	int is_sorted;
};

/* The key of that name: age, size, tries, sender, next; else LIST_UNSORTED. */
enum list_order_key list_order_key_named(const char *name);

/* Remember the message at place.  Dies with DEFER when memory is short. */
void list_order_add(struct list_order *o, const struct list_entry *e, int64_t place);

/* Sort what has been added. */
void list_order_sort(struct list_order *o);

#endif
