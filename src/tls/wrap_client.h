#ifndef TLS_WRAP_CLIENT_H
#define TLS_WRAP_CLIENT_H

/*
 * May the process at the other end of the unix socket sock ask us?  One of our own uid or
 * of root may, and those in $CLIENT_UIDS, decimal numbers with blanks between them.
 */
int wrap_client_may(int sock);

#endif
