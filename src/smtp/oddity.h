#ifndef SMTP_ODDITY_H
#define SMTP_ODDITY_H

/* What clients say otherwise than they should, and is taken all the same. */

#include <stddef.h>

#include "smtp/session.h"

enum oddity {
	ODDITY_BARE_PATH,
	ODDITY_DOTS,
	ODDITY_END_DOT,
	ODDITY_AUTH,
	ODDITY_NAME,
	ODDITY_NO_NAME,
	ODDITY_COMMAND_END,
	ODDITY_LINE_END,
	ODDITY_HEADLESS
};

/* Log it, once a session. */
void oddity_note(struct session *session, enum oddity oddity);

/*
 * Take the "\r" off the line s[0..*len).  Returns 1; 0 when there is none, unless the
 * client is one of our own.
 */
int oddity_trim_end(struct session *session, const char *s, size_t *len);

#endif
