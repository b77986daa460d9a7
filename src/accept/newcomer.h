#ifndef ACCEPT_NEWCOMER_H
#define ACCEPT_NEWCOMER_H

/* Files of the queue whose messages are yet to be tried. */

/* Does one of this ID stand in queue/new, or on its way there? */
int newcomer_is_there(const char *id);

#endif
