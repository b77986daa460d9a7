#ifndef ACCEPT_PREPARED_H
#define ACCEPT_PREPARED_H

/* The deliveries that are prepared: which message for which mailbox. */

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"

struct slot;

#define PREPARED_MAILBOX_MAX 1003     /* bytes, as of any address */
#define PREPARED_SECONDS (10 * 86400) /* for which one is kept that nobody settles */

/* One of them. */
struct prepared {
	struct prepared *chain, *earlier, *later; /* in the order of their records */
	struct slot
	    *slot;     /* of its record; null while that is in the batch in the making */
	uint64_t boot; /* of the machine, at which it was prepared */
	uint64_t time; /* seconds since 1970 */
	char id[QUEUEID_LEN + 1];
	size_t len;
	char mailbox[];
};

/* All of them.  Zeroed to begin with, but for the seed, which is random. */
struct prepared_list {
	struct prepared **slots; /* of the hash table, by ID */
	size_t room;             /* how many, a power of 2 */
	uint64_t seed;           /* of its hashes */
	size_t count;
	size_t pending; /* that are in the batch in the making */
	size_t bytes;   /* that their records take */
	struct prepared *first, *last;
};

/* That of the message for the mailbox, or null. */
struct prepared *prepared_find(
    const struct prepared_list *l, const char *id, const char *mailbox, size_t len);

/* Is any of the message? */
int prepared_has(const struct prepared_list *l, const char *id);

/* A new one, in the batch in the making.  Dies with DEFER when memory is short. */
struct prepared *prepared_add(
    struct prepared_list *l, const char *id, const char *mailbox, size_t len);

/* Forget those of the message.  Returns how many there were. */
size_t prepared_drop(struct prepared_list *l, const char *id);

/* Forget this one. */
void prepared_forget(struct prepared_list *l, struct prepared *p);

/* Those of the batch in the making are on the disk now, in this slot. */
void prepared_written(struct prepared_list *l, struct slot *slot);

/* So is a new record of this one; it is the last. */
void prepared_carried(struct prepared_list *l, struct prepared *p, struct slot *slot);

#endif
