#ifndef SMTP_BDAT_H
#define SMTP_BDAT_H

/* The verb BDAT: RFC 3030. */

#include <stddef.h>

#include "smtp/session.h"

/* What BDAT says: RFC 3030, 2. */
struct bdat_chunk {
	unsigned long long size;
	int is_last;
	int is_sound; /* what stands behind the size is */
};

/* Parse its argument s[0..len).  Returns 1, or 0 when it has no size. */
int bdat_chunk_parse(struct bdat_chunk *chunk, const char *s, size_t len);

/* BDAT: take a chunk of the message, and with the last one the message. */
void bdat(struct session *session, const char *argument, size_t len);

#endif
