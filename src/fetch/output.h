#ifndef FETCH_OUTPUT_H
#define FETCH_OUTPUT_H

#include <stddef.h>

#define OUTPUT_SIZE 65536

/*
 * What is to be sent to the client, gathered so that few and large writes are made. After
 * a write has failed nothing more is tried, and failed is its errno: look at it between
 * commands.
 */
struct output {
	int fd;
	unsigned seconds; /* for each write */
	int failed;
	size_t len;
	char s[OUTPUT_SIZE];
};

void output_flush(struct output *o);

/* Append s[0..len), of any length. */
void output_put(struct output *o, const char *s, size_t len);

/* Append the strings that follow, up to a null pointer. */
void output_say(struct output *o, ...) __attribute__((sentinel));

/* Make room for len bytes (at most OUTPUT_SIZE) and return where they go; add to len
 * after. */
char *output_room(struct output *o, size_t len);

#endif
