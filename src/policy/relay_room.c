#include <string.h>

#include "lib/text.h"
#include "policy/relay_room.h"

#define MAILBOXES_MAX 1000 /* as many recipients as smtp-recv takes */
#define ANSWER_SOME_ARE_FULL                                                             \
	"Z452 4.2.2 not all recipients have room for the message, try them one by one"

void
relay_room_clear(struct relay_room *room)
{
	room->mailboxes.len = room->refusal.len = 0;
	room->count = room->elsewhere = 0;
	room->sure = RELAY_ROOM_ANY;
}

void
relay_room_add(
    struct relay_room *room, const char *s, size_t len, unsigned long long size)
{
	if (size < room->sure)
		room->sure = size;
	if (room->count == MAILBOXES_MAX) {
		room->elsewhere++;
		return;
	}
	text_catb(&room->mailboxes, s, len);
	text_catb(&room->mailboxes, "", 1);
	room->count++;
}

void
relay_room_add_elsewhere(struct relay_room *room)
{
	room->elsewhere++;
}

void
relay_room_ask(struct relay_room *room, unsigned long long size, int is_ours)
{
	room->size = size;
	room->at = 0;
	room->fit = 0;
	room->refusal.len = 0;
	room->is_ours = is_ours;
}

/*
 * What all their answers come to.  A message that some have room for can't be refused for
 * the others alone: from a client of ours it is taken, and he hears of the others by a
 * report; to a stranger, whose sender may be forged, none is to be sent.
 */
static void
conclude(struct relay_room *room, stralloc *answer)
{
	int is_partial = room->fit > 0 || room->elsewhere > 0;

	if (room->refusal.len == 0 || (is_partial && room->is_ours))
		text_cat(answer, "K", (char *)NULL);
	else if (is_partial)
		text_cat(answer, ANSWER_SOME_ARE_FULL, (char *)NULL);
	else
		text_catb(answer, room->refusal.s, room->refusal.len);
}

int
relay_room_next(struct relay_room *room, struct relay_mailbox *question, stralloc *answer)
{
	const char *address = room->mailboxes.s + room->at;

	if (room->at == room->mailboxes.len) {
		conclude(room, answer);
		return 0;
	}
	relay_mailbox_ask(question, address, strlen(address), room->size);
	return 1;
}

void
relay_room_take(struct relay_room *room, const char *s, size_t len)
{
	room->at += strlen(room->mailboxes.s + room->at) + 1;
	if (*s == 'K')
		room->fit++;
	/* when all refuse it for different reasons, the one that may pass counts */
	else if (room->refusal.len == 0 || *s == 'Z')
		text_setb(&room->refusal, s, len);
}

void
relay_room_free(struct relay_room *room)
{
	stralloc_free(&room->mailboxes);
	stralloc_free(&room->refusal);
	memset(room, 0, sizeof(*room));
}
