#ifndef MILTER_MILTER_ANSWER_H
#define MILTER_MILTER_ANSWER_H

/* What an answer of a milter means. */

#include <stddef.h>

#include <stralloc.h>

/* What it has said of the connection or of the message. */
enum milter_verdict {
	MILTER_VERDICT_NONE, /* go on */
	MILTER_VERDICT_ACCEPTED,
	MILTER_VERDICT_DISCARDED,
	MILTER_VERDICT_REFUSED, /* a reply says how */
};

/*
 * Judge an answer that is no change: command and data of milter_packet.h.  Returns a
 * verdict, or -1 when it is none.  A refusal's reply is made one line with an enhanced
 * status code (RFC 2034), "550 5.7.1 text", a C string.
 */
int milter_answer_judge(char command, const char *s, size_t len, stralloc *reply);

#endif
