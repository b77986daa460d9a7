#ifndef FETCH_POP3_TIMEOUT_H
#define FETCH_POP3_TIMEOUT_H

/* How long a POP3 client may be silent. */

/*
 * How many seconds a client may take for a command: control/timeoutpop3 in the working
 * directory, or the 600 of RFC 1939, 3.  Dies with DEFER when the file is no good.
 */
unsigned pop3_timeout(void);

#endif
