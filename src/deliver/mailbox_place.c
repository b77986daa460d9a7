#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deliver/mailbox.h"
#include "deliver/mailbox_place.h"
#include "lib/heap.h"
#include "lib/maildirsize.h"
#include "lib/queueid.h"
#include "lib/syncer.h"
#include "lib/text.h"

struct mailbox_place *
mailbox_place_take(struct mailbox_place **list, const char *folder, uid_t uid, gid_t gid)
{
	uint64_t hash = queueid_hash(folder, 0);
	struct mailbox_place *p;

	for (p = *list; p != NULL; p = p->next)
		if (p->hash == hash && p->uid == uid && p->gid == gid &&
		    strcmp(p->folder.s, folder) == 0)
			break;
	if (p == NULL) {
		p = heap_make(1, sizeof(*p));
		text_set(&p->folder, folder);
		p->hash = hash;
		p->uid = uid;
		p->gid = gid;
		p->home = p->maildir = -1;
		p->next = *list;
		*list = p;
	}
	p->deposits++;
	return p;
}

void
mailbox_place_forget(struct mailbox_place *p)
{
	if (p->home != -1)
		close(p->home);
	if (p->maildir != -1)
		close(p->maildir);
	p->home = p->maildir = -1;
}

void
mailbox_place_leave(struct mailbox_place **list, struct mailbox_place *p)
{
	if (--p->deposits > 0)
		return;
	while (*list != p)
		list = &(*list)->next;
	*list = p->next;
	mailbox_place_forget(p);
	stralloc_free(&p->folder);
	free(p);
}

int
mailbox_place_open(struct mailbox_place *p)
{
	if (p->home == -1 && p->maildir == -1)
		p->home = mailbox_open_home(p->folder.s);
	return p->home == -1 && p->maildir == -1 ? -1 : 0;
}

int
mailbox_place_enter(struct mailbox_place *p)
{
	if (p->maildir != -1)
		return 0;
	p->maildir = mailbox_open_maildir(p->home);
	if (p->maildir == -1)
		return -1;
	close(p->home);
	p->home = -1;
	p->is_whole = syncer_fits(p->maildir);
	return 0;
}

void
mailbox_place_note(struct mailbox_place *p)
{
	if (p->messages == 0)
		return;
	/* what is not noted here is found when the messages are counted */
	maildirsize_add(p->maildir, p->bytes, p->messages);
	p->bytes = p->messages = 0;
}
