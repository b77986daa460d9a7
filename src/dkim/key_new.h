#ifndef DKIM_KEY_NEW_H
#define DKIM_KEY_NEW_H

/* A new key of a domain, under a selector that was not used. */

#include "dkim/key_folder.h"

/*
 * Make a key, of so many bits if it is of RSA, and write it to the folder; another one of
 * the same kind may follow only when the folder has been read anew.  Returns 0, or -1
 * after having said what went wrong.  Dies with DEFER when memory is short.
 */
int key_new_add(const struct key_folder *folder, enum key_record_kind kind, unsigned bits,
    enum key_folder_state state);

#endif
