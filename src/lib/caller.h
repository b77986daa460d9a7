#ifndef LIB_CALLER_H
#define LIB_CALLER_H

/* Who may ask a service on a unix socket that is open to all. */

/*
 * May the process at the other end of the unix socket sock ask us?  One of our own uid or
 * of root may, and those in $CLIENT_UIDS, decimal numbers with blanks between them.
 */
int caller_may(int sock);

#endif
