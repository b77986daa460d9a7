#ifndef DKIM_KEY_STORE_H
#define DKIM_KEY_STORE_H

/* The keys in dkim/DOMAIN/SELECTOR.key, read when they are needed, and kept. */

#include <stddef.h>
#include <time.h>

#include "dkim/private_key.h"
#include "dkim/signature.h"

#define KEY_STORE_FOLDER "dkim"
#define KEY_STORE_SUFFIX ".key"
#define KEY_STORE_KEYS 8      /* of a domain */
#define KEY_STORE_DOMAINS 256 /* that are kept */

/* What shows that a file or folder is another one than it was. */
struct key_store_look {
	unsigned long long device, inode, size;
	struct timespec changed;
};

struct key_store_one {
	char selector[SIGNATURE_DOMAIN_MAX + 1];
	struct key_store_look look;
	struct private_key key;
};

struct key_store_domain {
	char name[SIGNATURE_DOMAIN_MAX + 1];
	struct key_store_look look; /* of its folder */
	unsigned long long used;    /* when last: a number that grows */
	size_t count;
	struct key_store_one *keys; /* by selector */
};

/* Zeroed to begin with. */
struct key_store {
	unsigned long long uses;
	size_t count;
	struct key_store_domain domains[KEY_STORE_DOMAINS];
};

/*
 * The keys of the domain, in the form that signature_take_domain gives, as they are now.
 * Returns it, with count 0 when it has none; or null after having logged why it is not
 * known.  It is good until the next call.  Dies with DEFER when memory is short.
 */
const struct key_store_domain *key_store_find(
    struct key_store *store, const char *domain);

/* Forget all keys. */
void key_store_free(struct key_store *store);

#endif
