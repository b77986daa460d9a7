#ifndef DELIVER_MAILBOX_PLACE_H
#define DELIVER_MAILBOX_PLACE_H

/* The maildirs into which deposits are on their way, each opened once for all of them. */

#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "deliver/room.h"

struct mailbox_place {
	struct mailbox_place *next;
	size_t deposits; /* that use it */
	stralloc folder; /* of the mailbox, C string */
	uint64_t hash;   /* of that */
	uid_t uid;
	gid_t gid;
	int home;                  /* the folder, -1 before mailbox_place_open */
	int maildir;               /* -1 before mailbox_place_enter */
	int is_whole;              /* lib/syncer can sync its file system */
	unsigned long long coming; /* bytes of what is not in new yet */
	struct room room;          /* what maildirsize has said */
	long long bytes, messages; /* which maildirsize is to be told of */
};

/*
 * The place for the mailbox at folder ("mail/DOMAIN/LOCAL") of that owner, of the list
 * whose first one is *list, or a new one there.  Give each back by mailbox_place_leave.
 */
struct mailbox_place *mailbox_place_take(
    struct mailbox_place **list, const char *folder, uid_t uid, gid_t gid);
void mailbox_place_leave(struct mailbox_place **list, struct mailbox_place *place);

/*
 * Open the mailbox's folder, as who we are, and then, as its owner, the maildir in it;
 * what is open stays so.  Each returns 0, or -1 with errno, ENOENT when it is missing.
 */
int mailbox_place_open(struct mailbox_place *place);
int mailbox_place_enter(struct mailbox_place *place);

/* Close both, to open them again. */
void mailbox_place_forget(struct mailbox_place *place);

/* As its owner: tell maildirsize of what has come since the last time. */
void mailbox_place_note(struct mailbox_place *place);

#endif
