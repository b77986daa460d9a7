#ifndef LIB_NOTIFY_H
#define LIB_NOTIFY_H

/* What the sender wants to hear of: NOTIFY, RFC 3461, 4.1. */

/*
 * Does the sender want to hear of what, FAILURE, DELAY or SUCCESS?  notify is the value
 * of NOTIFY (RFC 3461, 4.1); null, when none was given, asks for the first two.
 */
int notify_wants(const char *notify, const char *what);

#endif
