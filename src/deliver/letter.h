#ifndef DELIVER_LETTER_H
#define DELIVER_LETTER_H

/* The messages of jobs in memory, as far as they are short: read once for all recipients.
 */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/job.h"

#define LETTER_MAX 65536 /* bytes of a message */
#define LETTER_HEAD 2048 /* and of what a recipient gets above it */
#define LETTER_SLOTS 8   /* jobs: what is written may be of several in turn */

struct letter {
	unsigned long long number; /* of the job whose message it is; 0: none */
	size_t len;                /* of it, or of its beginning */
	int is_whole;
	int is_counted;
	uint64_t octets; /* as POP3 and IMAP count it */
	char text[LETTER_HEAD + LETTER_MAX + 1];
};

/* Zeroed to begin with. */
struct letter_box {
	struct letter list[LETTER_SLOTS];
};

/*
 * The message of the job, or its beginning of LETTER_MAX bytes, until another is taken:
 * letter->len bytes at letter_start.  Null with errno when it can't be read.
 */
struct letter *letter_take(struct letter_box *letters, const struct job *job);
const char *letter_start(const struct letter *letter);

/*
 * A whole message with the head above it, whose lines are complete, and with an end to
 * its last line: *len bytes, which stay until the next one is made, of *octets as POP3
 * counts them.  Null when it is not whole, or the head too long.
 */
const char *letter_with_head(
    struct letter *letter, const stralloc *head, size_t *len, uint64_t *octets);

#endif
