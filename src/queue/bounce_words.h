#ifndef QUEUE_BOUNCE_WORDS_H
#define QUEUE_BOUNCE_WORDS_H

#include <stddef.h>

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
