#ifndef MILTER_MILTER_TALK_H
#define MILTER_MILTER_TALK_H

/* The talk with a milter: what is said of a message, and what it answers. */

#include <stddef.h>

#include "milter/milter_session.h"

/*
 * Tell of the connection, as far as the environment knows it, and of the HELO name.  All
 * that follow return a verdict, or -1 with channel.why, and then the connection is
 * closed.
 */
int milter_talk_connect(struct milter_session *t);
int milter_talk_helo(struct milter_session *t, const char *name);

/*
 * Of the sender, or a recipient: an address without brackets, and its parameters, words
 * with blanks between, as the client gave them.  id is the message's, or null; it and the
 * address are used until the message ends.
 */
int milter_talk_mail(struct milter_session *t, const char *id, const char *address,
    const char *parameters);
int milter_talk_rcpt(
    struct milter_session *t, const char *address, const char *parameters);
int milter_talk_data(struct milter_session *t);

/*
 * One who knows more of the message, by t->message, goes on behind DATA: that is told
 * with what comes next.
 */
void milter_talk_go_on(struct milter_session *t);

/*
 * Of a field of the header: its name, and what is behind the colon without its last LF.
 * Of one that is longer than milters take only the beginning is told.
 */
int milter_talk_header(struct milter_session *t, const char *name, const char *value);
int milter_talk_header_end(struct milter_session *t);

/* Of a piece of the body, with CRLF, at most MILTER_PACKET_BODY bytes. */
int milter_talk_body(struct milter_session *t, const char *s, size_t len);

/*
 * It is over.  each is called with each thing that is to be changed; what it makes of it
 * is its own business, but 0 says that it is malformed.  Returns as above.
 */
int milter_talk_end(struct milter_session *t,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose);

/* The message comes to nothing.  The next one may begin. */
void milter_talk_abort(struct milter_session *t);

#endif
