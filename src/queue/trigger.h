#ifndef QUEUE_TRIGGER_H
#define QUEUE_TRIGGER_H

/* The pull that wakes queue-run. */

/*
 * Write a line to queue/trigger: the ID of a message that is now in queue/new, or what
 * queue(5) says.  Nobody need be there to hear it: queue-run reads all when it starts.
 */
void trigger_pull(const char *line);

#endif
