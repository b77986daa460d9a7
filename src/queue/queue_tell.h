#ifndef QUEUE_QUEUE_TELL_H
#define QUEUE_QUEUE_TELL_H

/*
 * Write a line to queue/trigger: the ID of a message that is now in queue/new, or what
 * queue(5) says.  Nobody need be there to hear it: queue-run reads all when it starts.
 */
void queue_tell(const char *line);

#endif
