#ifndef DKIM_KEY_FOLDER_H
#define DKIM_KEY_FOLDER_H

/* The folder dkim/DOMAIN as dkim-key sees and changes it: dkim(5). */

#include <stddef.h>
#include <time.h>

#include <stralloc.h>

#include "dkim/private_key.h"
#include "dkim/signature.h"

#define KEY_FOLDER "dkim"
#define KEY_FOLDER_MAX 64 /* keys of a domain, in whatever state */

/* What a key does, as the end of its file's name says. */
enum key_folder_state {
	KEY_FOLDER_SIGNS,  /* .key */
	KEY_FOLDER_WAITS,  /* .next: for the DNS to show it */
	KEY_FOLDER_RETIRED /* .old: its record is needed for what it has signed */
};

struct key_folder_one {
	enum key_folder_state state;
	char selector[SIGNATURE_DOMAIN_MAX + 1];
	time_t since; /* it was written, or retired */
	struct private_key key;
};

/* Zeroed to begin with. */
struct key_folder {
	char domain[SIGNATURE_DOMAIN_MAX + 1];
	size_t count;
	struct key_folder_one keys[KEY_FOLDER_MAX]; /* by selector */
};

/*
 * Read the keys of the domain, in the form that signature_take_domain gives; none when it
 * has no folder.  Returns 0, or -1 after having said what is wrong.  Dies with DEFER when
 * memory is short.
 */
int key_folder_read(struct key_folder *folder, const char *domain);

/*
 * Append the domains that have folders to list, each ended by \0, in their order.
 * Returns 0, or -1 with errno.
 */
int key_folder_list(stralloc *list);

/*
 * Keep others who would change keys away until we end.  Returns 0, or -1 after having
 * said why that, or a change, is impossible: only the owner of dkim/ changes what is in
 * it, and nobody else must be able to.
 */
int key_folder_lock(void);

/*
 * Write key to a new file, in that state, readable to the group of dkim/.  Returns 0, or
 * -1 with errno.
 */
int key_folder_add(const char *domain, const char *selector, enum key_folder_state state,
    const struct private_key *key);

/* Give it another state, as of now.  Returns 0, or -1 with errno. */
int key_folder_move(
    const char *domain, const struct key_folder_one *one, enum key_folder_state state);

/* Remove it.  Returns 0, or -1 with errno. */
int key_folder_remove(const char *domain, const struct key_folder_one *one);

/* Free what it holds. */
void key_folder_free(struct key_folder *folder);

#endif
