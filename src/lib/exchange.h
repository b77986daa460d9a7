#ifndef LIB_EXCHANGE_H
#define LIB_EXCHANGE_H

/* What clients say to who takes messages, taken apart as it comes: queue-socket(5). */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/queueid.h"

#define EXCHANGE_REQUEST_MAX 65536 /* bytes of a request that is no message */
#define EXCHANGE_CHUNK_MAX 1048576 /* bytes of one netstring of a message */
#define EXCHANGE_SMALL 65536 /* bytes of a message, or of its envelope, that are held */

enum exchange_event {
	EXCHANGE_MORE,    /* all is taken, and more is to come */
	EXCHANGE_REQUEST, /* a request stands in text */
	EXCHANGE_MESSAGE, /* a message, its envelope in text */
	EXCHANGE_LARGE,   /* the message, or its envelope, is too large to be held */
	EXCHANGE_BAD,     /* it makes no sense: nothing more may be taken */
};

/* Zeroed to begin with. */
struct exchange {
	enum { EXCHANGE_BEGIN, EXCHANGE_BODY, EXCHANGE_ENVELOPE } expects;
	char length[16]; /* of a netstring, as far as it has come */
	size_t length_len;
	size_t left; /* bytes of its content that are to come */
	int in_content;
	int empty;   /* it has none */
	int unbound; /* the message may be as large as it likes: the caller takes it */
	uint64_t message_len;     /* all of the message so far */
	char id[QUEUEID_LEN + 1]; /* of the message; empty when none was given */
	stralloc message;         /* what has come of the message and was not taken */
	stralloc text;            /* the request, or the envelope */
};

/*
 * Take bytes off the front of s[0..len), at most up to the end of a request or message,
 * and tell what has come.  Returns how many were taken; after EXCHANGE_LARGE the message
 * goes on when unbound is set.  Dies with DEFER when memory is short.
 */
size_t exchange_take(
    struct exchange *e, const char *s, size_t len, enum exchange_event *event);

/* Is it in the middle of something? */
int exchange_is_begun(const struct exchange *e);

/* Make it ready for the next request; memory is kept for a small one only. */
void exchange_clear(struct exchange *e);

void exchange_free(struct exchange *e);

#endif
