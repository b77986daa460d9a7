#ifndef FETCH_MAILDROP_H
#define FETCH_MAILDROP_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/*
 * The messages of a maildir as one POP3 session sees them: those that were there at its
 * beginning, in an order that stays.  Kept small, for there may be many.
 */
struct maildrop_message {
	uint64_t octets; /* MAILDROP_UNMEASURED until somebody asks */
	uint32_t name;   /* where its file's name begins in names */
	unsigned in_cur : 1;
	unsigned deleted : 1;   /* marked by DELE */
	unsigned retrieved : 1; /* all of it was sent */
	unsigned gone : 1;      /* somebody else removed it */
	unsigned twin : 1;      /* another message has the same short UIDL */
};

#define MAILDROP_UNMEASURED UINT64_MAX
#define MAILDROP_LOCK_MS 5000 /* for the session before to find its client gone */
#define MAILDROP_HELD 200     /* descriptors */

struct maildrop {
	int fd; /* of the maildir, locked; -1: there is none, an empty maildrop */
	int lock;
	struct maildrop_message *messages;
	size_t count;
	stralloc names; /* of files, without new/ and cur/, each ended by \0 */
	int refreshed;  /* how often cur/ was read again */
	int changed[2]; /* something is to be synced in new/, in cur/ */
	int journal;    /* -1: its file system has none, 1: it has, 0: not asked yet */
	int held[MAILDROP_HELD];
	size_t holding; /* removed files, open until that is on the disk */
	int unsynced;   /* that it is could not be made sure */
	long long removed_bytes;
	long long removed_messages;
};

/*
 * Lock the maildir path and list it.  drop is zeroed to begin with.  Returns 0; -1 with
 * errno, EWOULDBLOCK when another session has had it for MAILDROP_LOCK_MS.  A missing
 * maildir is an empty one: it is made at the first delivery.  Dies with DEFER when memory
 * is short. The lock ends with the process at the latest.
 */
int maildrop_open(struct maildrop *drop, const char *path);
void maildrop_unlock(struct maildrop *drop);

const char *maildrop_name(
    const struct maildrop *drop, const struct maildrop_message *message);

/*
 * The message's file is not there under its name.  Returns 1 when another program has
 * moved it to cur/ or given it other flags, so that it may be tried again under
 * maildrop_name; 0 with ENOENT when it is gone.
 */
int maildrop_find_again(struct maildrop *drop, struct maildrop_message *message);

#endif
