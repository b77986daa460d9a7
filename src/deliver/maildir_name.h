#ifndef DELIVER_MAILDIR_NAME_H
#define DELIVER_MAILDIR_NAME_H

/* The names of our files in maildirs. */

#include <stralloc.h>

/*
 * Set name to the name of the file for message id: SECONDS.ID[rHASH].HOST, with a hash of
 * recipient unless that is null.  Nothing in it depends on the time or on
 * chance, so that a repeated delivery meets its own file.
 */
void maildir_name(
    stralloc *name, const char *id, const char *recipient, const char *host);

#endif
