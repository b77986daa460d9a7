#ifndef FETCH_POP3_READ_H
#define FETCH_POP3_READ_H

/* The verbs that send messages: RETR, TOP. */

#include "fetch/pop3_session.h"

void pop3_read_retr(struct pop3_session *session, const struct pop3_arguments *arguments);
void pop3_read_top(struct pop3_session *session, const struct pop3_arguments *arguments);

#endif
