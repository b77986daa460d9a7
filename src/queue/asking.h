#ifndef QUEUE_ASKING_H
#define QUEUE_ASKING_H

/* The queue's service asked to make files of messages of its journal: queue-socket(5). */

#include <stddef.h>

#define ASKING_LINES 32 /* connections: each carries one question at a time */

/* Zeroed to begin with. */
struct asking {
	int lines[ASKING_LINES];
	char said[ASKING_LINES]; /* on these a question has been said */
	size_t count;
};

/*
 * Connect, for so many questions at once, or fewer.  Returns how many; 0 with errno when
 * there is no connection: ENOENT or ECONNREFUSED where no service is.
 */
size_t asking_open(struct asking *a, size_t wanted);

/* Ask for message id on this line. */
void asking_say(struct asking *a, size_t line, const char *id);

/*
 * Wait for the answer.  Returns 0: the message is not in the journal any more, but may
 * have some moments to go to its place.  -1 after a warning; then the connections are of
 * no use any more when all lines have been heard.
 */
int asking_hear(struct asking *a, size_t line, const char *id);

void asking_close(struct asking *a);

#endif
