#ifndef CONTROL_CONTROL_CHECK_H
#define CONTROL_CONTROL_CHECK_H

/* The check of control/'s files that mail-compile does. */

/*
 * Check the files of control/ that programs read as text, control(5).  Every wrong line
 * is named on descriptor 2; returns how many there were.  Dies with DEFER when a file
 * can't be read.
 */
unsigned control_check(void);

/*
 * Warn on descriptor 2 of files in control/ that no program reads: a name that was
 * mistyped says nothing, and nobody else would tell.  Hidden ones and those that an
 * editor leaves are passed over.
 */
void control_check_names(void);

#endif
