#include "deliver/room.h"
#include "lib/deadline.h"

#define MILLISECONDS 1000 /* what other programs deliver is seen then */
#define MARGIN 1048576    /* bytes: and counts before it could matter */

int
room_take(struct room *room, unsigned long long quota, unsigned long long size)
{
	if (room->quota != quota || room->bytes < MARGIN || size > room->bytes - MARGIN ||
	    deadline_now() >= room->until)
		return 0;
	room->bytes -= size;
	return 1;
}

void
room_set(struct room *room, unsigned long long quota, unsigned long long bytes,
    unsigned long long size)
{
	room->quota = quota;
	room->bytes = size < bytes ? bytes - size : 0;
	room->until = deadline_now() + MILLISECONDS;
}
