#ifndef INSPECT_EDIT_PAUSE_H
#define INSPECT_EDIT_PAUSE_H

/* What queue-edit pauses and resumes. */

/*
 * Pause, or resume, each of the words up to a null pointer, for which pause_file_knows;
 * the home is the working directory.  It is logged, and queue-run is told.  Returns the
 * verdict: REJECT, after a warning, when what is to be resumed was not paused.  Dies with
 * DEFER when the queue can't be entered.
 */
int edit_pause(char *const *words, int is_resumed, const char *admin);

#endif
