#ifndef RECEIVE_SMTP_SASL_H
#define RECEIVE_SMTP_SASL_H

#include <stddef.h>

#include <stralloc.h>

#include "receive/auth_socket.h"
#include "receive/smtp_session.h"

/* An AUTH under way. */
struct smtp_sasl {
	struct smtp_session *session;
	const char *mechanism; /* as it is listed */
	struct auth_socket socket;
	int has_message;
	stralloc message; /* the client's last one, decoded; a \0 follows it */
};

/* Decode what the client sent.  Returns 1, or 0 after having complained. */
int smtp_sasl_message(struct smtp_sasl *d, const char *s, size_t len);

/*
 * Lead the dialogue of a mechanism to its end: RFC 4616 (PLAIN), RFC 5802 and 7677
 * (SCRAM, with or without PLUS); LOGIN is nowhere defined.  The client has its reply.
 */
void smtp_sasl_plain(struct smtp_sasl *d);
void smtp_sasl_login(struct smtp_sasl *d);
void smtp_sasl_scram(struct smtp_sasl *d);

/*
 * What ties an exchange to this session of TLS, in hexadecimal; "" when there is nothing,
 * or when control/channelbinding says that it is not to be used.
 */
const char *smtp_sasl_binding(void);

/* Hang up, and forget what the client said. */
void smtp_sasl_end(struct smtp_sasl *d);

#endif
