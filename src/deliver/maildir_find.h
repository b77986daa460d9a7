#ifndef DELIVER_MAILDIR_FIND_H
#define DELIVER_MAILDIR_FIND_H

/* Earlier deliveries, looked for in a maildir, a descriptor of a folder of ours. */

/*
 * Is a file with the unique part of name in new or cur, whatever its sizes and flags?  1,
 * 0, or -1 with errno.
 */
int maildir_find(int maildir, const char *name);

/* Is a file of just that name in the folder? */
int maildir_find_name(int maildir, const char *folder, const char *name);

/*
 * Is a file in tmp that has the name up to the host's, and its sizes?  1, and its name,
 * at most NAME_MAX bytes, is in found; 0, or -1 with errno.
 */
int maildir_find_prepared(int maildir, const char *name, char *found);

#endif
