#ifndef INSPECT_PAUSE_FILE_H
#define INSPECT_PAUSE_FILE_H

/* What is paused, a line each in control/paused, changed in place. */

/* Is what something that can be paused: local, remote or a domain? */
int pause_file_knows(const char *what);

/*
 * Write what into the file, or take it out of there when it is not wanted; other lines
 * stay as they are.  Returns 1; 0 when there is nothing to change, -1 after a warning.
 */
int pause_file_change(const char *what, int is_wanted);

#endif
