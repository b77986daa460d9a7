#include "queue/queue_user.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"

static struct queue_user **
slot(const struct queue_users *t, uint64_t key)
{
	return (struct queue_user **)&t->slots[key % QUEUE_USER_SLOTS];
}

/* A list that sends to each subscriber under another extension is one sender. */
static uint64_t
key_of_sender(const char *sender, int channel)
{
	char name[ENVELOPE_ADDRESS_MAX + 1];
	const char *at = strrchr(sender, '@'), *plus = strchr(sender, '+');

	if (!at || !plus || plus > at || strlen(sender) >= sizeof name)
		return queueid_hash(sender, channel);
	memcpy(name, sender, plus - sender);
	strcpy(name + (plus - sender), at);
	return queueid_hash(name, channel);
}

uint64_t
queue_user_key(const struct envelope *e, int channel)
{
	const char *name = envelope_parameter(e, "AUTHUSER");

	if (name)
		return queueid_hash(name, channel);
	name = envelope_parameter(e, "CLIENT");
	if (e->sender[0] || !name)
		return key_of_sender(e->sender, channel);
	return queueid_hash(name, channel);
}

struct queue_user *
queue_user_find(const struct queue_users *t, uint64_t key)
{
	struct queue_user *u = *slot(t, key);

	while (u && u->key != key)
		u = u->chain;
	return u;
}

struct queue_user *
queue_user_enter(struct queue_users *t, uint64_t key)
{
	struct queue_user *u = queue_user_find(t, key), **p = slot(t, key);

	if (!u) {
		u = calloc(1, sizeof *u);
		if (!u)
			die(DEFER, "out of memory");
		u->key = key;
		u->chain = *p;
		*p = u;
	}
	++u->messages;
	return u;
}

void
queue_user_leave(struct queue_users *t, struct queue_user *u)
{
	struct queue_user **p = slot(t, u->key);

	if (--u->messages > 0)
		return;
	while (*p != u)
		p = &(*p)->chain;
	*p = u->chain;
	free(u);
}
