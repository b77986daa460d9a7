#ifndef DELIVER_RECOUNT_H
#define DELIVER_RECOUNT_H

/* The counting of large maildirs, beside the questions of others. */

/*
 * Count the messages of maildir and make its quota file anew, in a process of its own as
 * who we are now; when that one is at it already, or enough others are, nothing happens:
 * the next question comes here again.
 */
void recount_begin(int maildir, unsigned long long quota);

#endif
