#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "lib/queueid.h"
#include "turns/submitter.h"

/* A list that sends to each subscriber under another extension is one sender. */
static uint64_t
key_of_sender(const char *sender, int channel)
{
	char name[ENVELOPE_ADDRESS_MAX + 1];
	const char *at = strrchr(sender, '@'), *plus = strchr(sender, '+');

	if (at == NULL || plus == NULL || plus > at || strlen(sender) >= sizeof name)
		return queueid_hash(sender, channel);
	memcpy(name, sender, plus - sender);
	strcpy(name + (plus - sender), at);
	return queueid_hash(name, channel);
}

uint64_t
submitter_key(const struct envelope *e, int channel)
{
	const char *name = envelope_parameter(e, "AUTHUSER");

	if (name != NULL)
		return queueid_hash(name, channel);
	name = envelope_parameter(e, "CLIENT");
	if (e->sender[0] || name == NULL)
		return key_of_sender(e->sender, channel);
	return queueid_hash(name, channel);
}

struct submitter *
submitter_find(const struct submitter_table *t, uint64_t key)
{
	return (struct submitter *)table_find(&t->all, key);
}

struct submitter *
submitter_enter(struct submitter_table *t, uint64_t key)
{
	struct submitter *u = submitter_find(t, key);

	if (u == NULL) {
		u = heap_make(1, sizeof *u);
		table_put(&t->all, &u->entry, key);
	}
	++u->messages;
	return u;
}

void
submitter_leave(struct submitter_table *t, struct submitter *u)
{
	if (--u->messages > 0)
		return;
	table_remove(&t->all, &u->entry);
	free(u);
}
