#ifndef POLICY_STATE_TABLE_H
#define POLICY_STATE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What policies remember, in a file that any number of processes use at the same time: a
 * hash table of fixed size.  An entry is 64 bytes and lies in a bucket of 64, which is
 * locked while one of its entries is looked at and changed; the lock of a process that
 * dies is free.  An entry that has expired makes room for another, so there is nothing to
 * clean; when a bucket is full of entries that have not, the one that would expire first
 * goes.  Nothing is synchronised to the disk: a crash of the machine may lose what is
 * new.
 */

#define STATE_DATA_MAX 40 /* bytes of an entry that are the policy's own */

struct state_entry {
	uint64_t key[2];
	int64_t expires; /* unix seconds */
	unsigned char data[STATE_DATA_MAX];
};

struct state_table {
	int fd;
	uint32_t buckets;
	uint64_t seed[2]; /* secret: nobody can choose keys that share a bucket */
	uint64_t locked;  /* the bucket's place in the file, 0: none */
	uint64_t place;   /* where the entry under way is stored */
};

/*
 * Open the table path, or make it with so many buckets of 4096 bytes; one that is damaged
 * is made anew.  Returns 0, or -1 with errno.
 */
int state_table_open(struct state_table *table, const char *path, uint32_t buckets);

/*
 * Lock the bucket of the C string key and get its entry.  Returns 1; 0 when there is none
 * that has not expired at now, and entry is then a zeroed one for state_table_put; -1
 * with errno.  Unless it failed, state_table_unlock must follow.
 */
int state_table_get(
    struct state_table *table, const char *key, int64_t now, struct state_entry *entry);

/* Store the entry just got.  Returns 0, or -1 with errno. */
int state_table_put(struct state_table *table, const struct state_entry *entry);

void state_table_unlock(struct state_table *table);

#endif
