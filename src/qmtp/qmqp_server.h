#ifndef QMTP_QMQP_SERVER_H
#define QMTP_QMQP_SERVER_H

/* A QMQP server that gets a message: QMQP's client. */

#include <stralloc.h>

#include "lib/spool.h"

#define QMQP_SERVER_PORT 628
#define QMQP_SERVER_REPLY_MAX 1000 /* bytes of an answer */

/* Where it listens. */
struct qmqp_server {
	unsigned char ip[16];
	unsigned port;
};

/* Parse ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT.  Returns 1, or 0 when it is malformed.
 */
int qmqp_server_parse(struct qmqp_server *server, const char *s);

/*
 * Parse an answer s[0..len): one netstring of K, Z or D and a text.  Returns the letter,
 * and its text at *text; 0 for nonsense.
 */
char qmqp_server_answer(const char *s, size_t len, const char **text, size_t *text_len);

/* How far a message has come: */
#define QMQP_SERVER_UNTOUCHED                                                            \
	0 /* the server does not have it: another one may get it                         \
	   */
#define QMQP_SERVER_ANSWERED 1
#define QMQP_SERVER_UNKNOWN -1 /* it has all of the message, and did not answer */

/*
 * Hand it the message, with envelope, the netstrings of sender and recipients.  connect
 * and seconds are the limits for the connection, and for each step after it.  Returns how
 * far that came; report is K, Z or D and a text, printable, a C string.
 */
int qmqp_server_send(const struct qmqp_server *server, const struct spool *message,
    const stralloc *envelope, unsigned connect, unsigned seconds, stralloc *report);

#endif
