#ifndef LIB_OUTPUT_H
#define LIB_OUTPUT_H

/* What is to be sent to a client, gathered so that few and large writes are made. */

#include <stdarg.h>
#include <stddef.h>

/* After a write has failed nothing more is tried: look at failed between commands. */
struct output {
	int fd;
	unsigned seconds; /* for each write */
	int is_no_socket; /* as a write has shown */
	int failed;       /* errno */
	size_t len;
	size_t size;
	char *s; /* s[0..len) waits */
};

/* Begin to write to fd, each time for at most seconds, from the buffer s[0..size). */
void output_open(struct output *o, int fd, unsigned seconds, char *s, size_t size);

/* Write what waits.  Returns 0, or -1 with errno. */
int output_flush(struct output *o);

/* Append s[0..len), of any length. */
void output_put(struct output *o, const char *s, size_t len);

/* Append the strings that follow, up to a null pointer. */
void output_say(struct output *o, ...) __attribute__((sentinel));
void output_say_all(struct output *o, va_list strings);

/*
 * Make room for len bytes, at most the size of the buffer, and return where they go; add
 * to len after.
 */
char *output_room(struct output *o, size_t len);

#endif
