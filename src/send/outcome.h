#ifndef SEND_OUTCOME_H
#define SEND_OUTCOME_H

#include <stralloc.h>

#define STATUS_MAX 12 /* "5.999.999" and its 0 */

/* What became of a recipient, or what went wrong with a host.  Zeroed to begin with. */
struct outcome {
	char letter; /* K accepted, Z not now, D refused for good; 0 while it is open */
	char status[STATUS_MAX]; /* enhanced status code, RFC 3463 */
	stralloc text;           /* a C string */
};

/*
 * Set all of it; the text is made of the strings that follow, up to a null pointer.  Dies
 * with DEFER when memory is short.
 */
void outcome_set(struct outcome *o, char letter, const char *status, ...)
    __attribute__((sentinel));

void outcome_copy(struct outcome *o, const struct outcome *from);

/*
 * Let o, what is known about earlier hosts, take in what is known about another one: the
 * last word counts, but a refusal for good does not outweigh a host that may be back
 * tomorrow.
 */
void outcome_merge(struct outcome *o, const struct outcome *from);

#endif
