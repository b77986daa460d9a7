#ifndef FETCH_POP3_LIST_H
#define FETCH_POP3_LIST_H

/* The verbs that tell what is there: STAT, LIST, UIDL. */

#include "fetch/pop3_session.h"

void pop3_list_stat(struct pop3_session *session, const struct pop3_arguments *arguments);
void pop3_list_list(struct pop3_session *session, const struct pop3_arguments *arguments);
void pop3_list_uidl(struct pop3_session *session, const struct pop3_arguments *arguments);

#endif
