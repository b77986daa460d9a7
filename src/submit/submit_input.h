#ifndef SUBMIT_SUBMIT_INPUT_H
#define SUBMIT_SUBMIT_INPUT_H

/* The message as a program gives it. */

#include <stddef.h>
#include <sys/types.h>

/* What has been read, and how far the caller has got.  Zeroed to begin with. */
struct submit_input {
	int fd;
	int ignores_dots; /* else a line with a dot only ends the message */
	int ended;

	int line_begun; /* something stands on the line that we are in */
	int dot_held;   /* it began with a dot, which may be all of it */
	int cr_held;    /* a CR, which may be of a line end */
};

/* What len bytes of input may become at most. */
#define SUBMIT_INPUT_ROOM(len) ((len) + 2)

/*
 * Take the next piece, s[0..len), and write it to out, which has room for
 * SUBMIT_INPUT_ROOM(len), with LF for CRLF and without the dot that ends it, nor what is
 * behind that.  Returns the bytes written.
 */
size_t submit_input_filter(
    struct submit_input *input, char *out, const char *s, size_t len);

/* The end of file has come: as submit_input_filter, for what was held. */
size_t submit_input_end(struct submit_input *input, char *out);

/*
 * Read the next piece to out[0..size), size being SUBMIT_INPUT_ROOM(1) at least.  Returns
 * its bytes, 0 at the end, -1 with errno.
 */
ssize_t submit_input_read(struct submit_input *input, char *out, size_t size);

#endif
