#ifndef LIB_MAILDIR_SWEEP_H
#define LIB_MAILDIR_SWEEP_H

/* What deliveries that were cut short have left in a maildir. */

#define MAILDIR_SWEEP_AGE 129600 /* seconds: 36 hours, the Maildir specification */

/*
 * Remove the files in tmp that are so old, whoever made them.  maildir is a descriptor of
 * the folder, or AT_FDCWD; the caller is its owner.  What can't be removed stays.
 */
void maildir_sweep(int maildir);

#endif
