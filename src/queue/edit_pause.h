#ifndef QUEUE_EDIT_PAUSE_H
#define QUEUE_EDIT_PAUSE_H

/* Is what something that can be paused: local, remote or a domain? */
int edit_pause_knows(const char *what);

/*
 * Write what into control/paused, or take it out of there; other lines stay as they are.
 * It is logged, and queue-run is told.  Returns the verdict: REJECT, after a warning,
 * when what is to be resumed was not paused.
 */
int edit_pause(const char *what, int is_resumed, const char *admin);

#endif
