#ifndef DELIVER_ANSWER_H
#define DELIVER_ANSWER_H

#include <stralloc.h>

/* What became of one recipient. */
struct answer {
	char letter;        /* K, Z or D */
	const char *status; /* enhanced status code, RFC 3463 */
	stralloc text;      /* for the sender's eyes; a C string */
};

/*
 * Set it, the text joined from the strings that follow, up to a null pointer.  Dies with
 * DEFER when memory is short.
 */
void answer_set(struct answer *answer, char letter, const char *status, ...)
    __attribute__((sentinel));

/* Put words before its text. */
void answer_lead(struct answer *answer, const char *words);

/*
 * A temporary failure of ours, "unable to VERB OBJECT: reason" with errno for the reason,
 * which also chooses the status.
 */
void answer_trouble(struct answer *answer, const char *verb_object);

#endif
