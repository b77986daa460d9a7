#ifndef SCHEDULE_SPILL_H
#define SCHEDULE_SPILL_H

/* Messages of the queue's journal that become files. */

#include <stddef.h>
#include <sys/types.h>

#include "schedule/event.h"
#include "schedule/message.h"
#include "schedule/spill_write.h"

/*
 * Messages that become files in queue/journal: a child writes and syncs some at a time,
 * so that nobody waits for the disk.  Zeroed to begin with.
 */
struct spill {
	struct ring *waiting; /* messages */
	struct spill_file files[SPILL_WRITE_MAX];
	struct message *messages[SPILL_WRITE_MAX]; /* whose files they are */
	size_t count;
	pid_t child; /* writes them; or 0 */
	int fd;      /* what became of them comes here */
};

/*
 * m, of the journal, is to become a file with the lines that it has when its turn comes.
 * EVENT_WRITTEN tells the end.
 */
void spill_want(struct spill *s, struct message *m);

/* Let a child write those that wait.  Nothing may be held for the log then. */
void spill_begin(struct spill *s, struct event_list *events);

/* The child has said something on s->fd, or has ended. */
void spill_end(struct spill *s, struct event_list *events);

#endif
