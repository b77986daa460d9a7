#include <errno.h>
#include <unistd.h>

#include "fetch/message_send.h"
#include "lib/dotstuff.h"

#define PIECE 16384

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
message_send(struct output *o, int fd, struct message_top top, uint64_t *octets)
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
		n = message_top_take(&top, piece, (size_t)r);
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
message_send_try(int fd, uint64_t max)
{
	char piece[PIECE];
	off_t at = 0;
	ssize_t r = 1;

	for (; r > 0 && (uint64_t)at < max; at += r)
		r = read_piece(fd, piece, at);
	return r == -1 ? -1 : 0;
}

int
message_send_measure(int fd, uint64_t *octets)
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
