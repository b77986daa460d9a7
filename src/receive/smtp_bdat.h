#ifndef RECEIVE_SMTP_BDAT_H
#define RECEIVE_SMTP_BDAT_H

#include <stddef.h>

#include "receive/smtp_session.h"

/* What BDAT says: RFC 3030, 2. */
struct smtp_chunk {
	unsigned long long size;
	int is_last;
	int is_sound; /* what stands behind the size is */
};

/* Parse its argument s[0..len).  Returns 1, or 0 when it has no size. */
int smtp_chunk_parse(struct smtp_chunk *chunk, const char *s, size_t len);

/* BDAT: take a chunk of the message, and with the last one the message. */
void smtp_bdat(struct smtp_session *session, const char *argument, size_t len);

#endif
