#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fetch/message_send.h"
#include "lib/dotstuff.h"

#define PIECE 16384

static size_t
take_header(struct top *top, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] == '\n' && !top->line_begun) {
			top->in_body = 1;
			top->done = top->lines == 0;
			return i + 1;
		} else if (s[i] == '\n')
			top->line_begun = 0;
		else if (s[i] != '\r')
			top->line_begun = 1;
	return len;
}

static size_t
take_body(struct top *top, const char *s, size_t len)
{
	const char *at = s, *lf;

	while ((lf = memchr(at, '\n', len - (size_t)(at - s))) != NULL) {
		at = lf + 1;
		if (--top->lines == 0) {
			top->done = 1;
			return (size_t)(at - s);
		}
	}
	return len;
}

size_t
top_take(struct top *top, const char *s, size_t len)
{
	size_t n = 0;

	if (top->lines == TOP_ALL)
		return len;
	if (!top->in_body)
		n = take_header(top, s, len);
	if (top->in_body && !top->done)
		n += take_body(top, s + n, len - n);
	return n;
}

static ssize_t
read_piece(int fd, char *s, off_t at)
{
	ssize_t r;

	do
		r = pread(fd, s, PIECE, at);
	while (r == -1 && errno == EINTR);
	return r;
}

int
message_send(struct output *o, int fd, struct top top, uint64_t *octets)
{
	struct dotstuff d = {0};
	char piece[PIECE];
	off_t at = 0;
	size_t n;
	ssize_t r;

	while (!top.done && !o->failed && (r = read_piece(fd, piece, at)) != 0) {
		if (r == -1)
			return -1;
		at += r;
		n = top_take(&top, piece, (size_t)r);
		/* room for the end too, or the dot might be written apart: a delayed
		 * ACK */
		output_room(o, DOTSTUFF_ROOM(PIECE) + DOTSTUFF_END);
		o->len += dotstuff_encode(&d, o->s + o->len, piece, n);
	}
	o->len += dotstuff_end(&d, output_room(o, DOTSTUFF_END));
	*octets = d.octets;
	return 0;
}

int
message_measure(int fd, uint64_t *octets)
{
	struct dotstuff d = {0};
	char piece[PIECE];
	off_t at = 0;
	ssize_t r;

	while ((r = read_piece(fd, piece, at)) > 0) {
		at += r;
		dotstuff_count(&d, piece, (size_t)r);
	}
	if (r == -1)
		return -1;
	dotstuff_count_end(&d);
	*octets = d.octets;
	return 0;
}
