#ifndef ACCEPT_JUDGEMENT_H
#define ACCEPT_JUDGEMENT_H

/* The look at an envelope before its message is taken. */

#include <stralloc.h>

/* What is to be answered because of what is wrong with it, a C string, or null. */
const char *judgement_of_envelope(const stralloc *text);

/*
 * Is it that of a message from within, something forwarded or a report?  What it was made
 * of is settled only when it is taken.  The envelope is sound.
 */
int judgement_is_inner(const stralloc *text);

#endif
