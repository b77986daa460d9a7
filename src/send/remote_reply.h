#ifndef SEND_REMOTE_REPLY_H
#define SEND_REMOTE_REPLY_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/outcome.h"

#define REMOTE_REPLY_TEXT_MAX                                                            \
	600 /* bytes of a reply that are kept: log lines hold 1000 */

/* A reply of an SMTP server, RFC 5321, 4.2. */
struct remote_reply {
	int code; /* 200 to 599 */
	char
	    status[OUTCOME_STATUS_MAX]; /* its enhanced status code, RFC 2034, or empty */
	char text[REMOTE_REPLY_TEXT_MAX + 1]; /* "550 5.1.1 all lines", printable */
};

/*
 * Does a whole reply, of one or several lines, stand at the beginning of
 * s[0..len)?  Returns the bytes that it takes; 0 when more are needed; -1 when it is
 * malformed, text then being its beginning.  LF alone ends a line, too.
 */
ssize_t remote_reply_parse(struct remote_reply *reply, const char *s, size_t len);

#endif
