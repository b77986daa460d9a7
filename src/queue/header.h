#ifndef QUEUE_HEADER_H
#define QUEUE_HEADER_H

#include <stdint.h>

#define HEADER_LEN 64

/*
 * The first line of a queue file, queue(5): `facteur1`, the lengths of message and
 * envelope in 20 digits each, blanks up to 63 bytes, "\n".
 */
struct header {
	uint64_t message;
	uint64_t envelope;
};

/* Write h as HEADER_LEN bytes to buf. */
void header_format(char *buf, const struct header *h);

/*
 * Read HEADER_LEN bytes at buf, of a file of size bytes.  Returns 1, or 0 when they
 * are not a header or promise more than the file has.
 */
int header_parse(struct header *h, const char *buf, uint64_t size);

/* Do HEADER_LEN bytes at buf begin as a header of another version does? */
int header_is_later(const char *buf);

/* Where the journal begins. */
uint64_t header_end(const struct header *h);

#endif
