#ifndef ACCEPT_JUDGEMENT_H
#define ACCEPT_JUDGEMENT_H

/* The look at an envelope before its message is taken. */

#include <stralloc.h>

/* What is to be answered because of what is wrong with it, a C string, or null. */
const char *judgement_of_envelope(const stralloc *text);

#endif
