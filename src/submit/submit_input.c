#include <errno.h>
#include <unistd.h>

#include "submit/submit_input.h"

#define PIECE 16384

/* One byte that is no CR. */
static size_t
put(struct submit_input *input, char *out, char c)
{
	size_t n = 0;

	if (input->dot_held) {
		input->dot_held = 0;
		if (c == '\n') {
			input->ended = 1;
			return 0;
		}
		out[n++] = '.';
	} else if (c == '.' && !input->line_begun && !input->ignores_dots) {
		input->dot_held = input->line_begun = 1;
		return 0;
	}
	input->line_begun = c != '\n';
	out[n++] = c;
	return n;
}

size_t
submit_input_filter(struct submit_input *input, char *out, const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len && !input->ended; i++) {
		if (input->cr_held && s[i] != '\n')
			n += put(input, out + n, '\r');
		input->cr_held = s[i] == '\r';
		if (!input->cr_held)
			n += put(input, out + n, s[i]);
	}
	return n;
}

size_t
submit_input_end(struct submit_input *input, char *out)
{
	size_t n = 0;

	if (input->cr_held)
		n += put(input, out + n, '\r');
	/* a dot without a line end is a dot that ends it, too */
	input->cr_held = input->dot_held = 0;
	input->ended = 1;
	return n;
}

ssize_t
submit_input_read(struct submit_input *input, char *out, size_t size)
{
	char piece[PIECE];
	size_t n = 0;
	ssize_t r;

	size -= SUBMIT_INPUT_ROOM(0);
	while (n == 0 && !input->ended) {
		r = read(input->fd, piece, size < sizeof piece ? size : sizeof piece);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		n = r > 0 ? submit_input_filter(input, out, piece, (size_t)r)
			  : submit_input_end(input, out);
	}
	return (ssize_t)n;
}
