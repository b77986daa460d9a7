#ifndef QUEUE_SEGMENT_H
#define QUEUE_SEGMENT_H

/* The segments of the queue's journal, and the batches in them: queue(5). */

#include <stddef.h>
#include <stdint.h>

#define SEGMENT_BLOCK 4096   /* what a segment's head takes, and batches are rounded to */
#define SEGMENT_MAX 16777216 /* bytes of one */
#define SEGMENT_BATCH_HEAD 40 /* bytes before a batch's records */

/* What the head of a segment says. */
struct segment {
	uint64_t generation; /* grows with each use of a slot */
	uint64_t size;       /* bytes of the file */
	uint64_t key[2]; /* of the hashes; random, so that no message can hold a batch */
};

/* Write it as SEGMENT_BLOCK bytes to block. */
void segment_format(char *block, const struct segment *s);

/* Read SEGMENT_BLOCK bytes at block.  Returns 1, or 0 when they are no such head. */
int segment_parse(struct segment *s, const char *block);

/*
 * Make batch[0..len), whose records stand behind SEGMENT_BATCH_HEAD bytes that are free,
 * the batch of this sequence number in the segment: its head is written, and zeros behind
 * it, for which there is room.  Returns the bytes that it takes in the segment.
 */
size_t segment_seal(const struct segment *s, uint64_t sequence, char *batch, size_t len);

/* How many bytes a batch of len takes. */
size_t segment_round(size_t len);

/*
 * Does a whole batch of the segment stand at the beginning of s[0..len)?  Returns its
 * bytes with the head, but without the zeros, and puts its number at *sequence; 0 when
 * none does.
 */
size_t segment_batch(
    const struct segment *segment, const char *s, size_t len, uint64_t *sequence);

/*
 * Does a batch of the segment, with this number, begin there?  It need not be whole.
 * Returns how many bytes of s[0..len) it has, as far as its head tells; 0 when none does.
 */
size_t segment_begins(
    const struct segment *segment, const char *s, size_t len, uint64_t sequence);

#endif
