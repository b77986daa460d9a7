#ifndef QUEUE_BOUNCE_FAILURE_H
#define QUEUE_BOUNCE_FAILURE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_file.h"

/* What the journal says of a recipient whose failure has not been reported yet. */
struct bounce_failure {
	size_t recipient;
	stralloc status; /* C strings */
	stralloc text;
	int64_t time; /* of the last attempt, seconds since 1970 */
	unsigned tries;
};

/*
 * The failures of the open file f, by recipient: *list is an array of the returned
 * length, (size_t)-1 with errno when the journal can't be read.  Dies with DEFER when
 * memory is short.
 */
size_t bounce_failures(const struct queue_file *f, struct bounce_failure **list);

/* Who said what in a text: `given up after 7 days: HOST[IP] said: REPLY`. */
struct bounce_words {
	const char *host; /* not ended by \0; null when it is our own text */
	size_t host_len;
	const char *reply; /* C string, the whole text when it is our own */
};

void bounce_words_parse(struct bounce_words *words, const char *text);

/* What the sender may do about a failure with this status code, in a sentence. */
const char *bounce_advice(const char *status);

#endif
