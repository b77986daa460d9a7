#ifndef RECEIVE_SMTP_TRANSFER_H
#define RECEIVE_SMTP_TRANSFER_H

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/sink.h"
#include "receive/smtp_channel.h"
#include "receive/smtp_data.h"

#define SMTP_SINK_SECONDS 300 /* for a step of the sink, and for its verdict */

/* A message on its way to the sink.  Zeroed to begin with. */
struct smtp_transfer {
	struct smtp_data data;
	struct sink sink;
	int sinking; /* the sink is there */
	int cut;     /* it did not want all of the message */
	size_t used;
	/* decoded, for the next write to the sink */
	_Alignas(SMTP_PAGE) char out[SMTP_INPUT_SIZE + SMTP_PAGE];
};

/*
 * Start the sink argv, and give it the header fields first.  Returns 0, or -1 with errno.
 */
int smtp_transfer_begin(
    struct smtp_transfer *transfer, const char *const *argv, const stralloc *header);

/*
 * Take the data to its final dot.  Returns 1, or what smtp_channel_fill did.  When
 * something goes wrong on our side, the data is taken to its end all the same, and
 * sinking is false then.
 */
ssize_t smtp_transfer_data(struct smtp_transfer *transfer, struct smtp_channel *ch);

/* Take a chunk of size bytes, likewise. */
ssize_t smtp_transfer_chunk(
    struct smtp_transfer *transfer, struct smtp_channel *ch, unsigned long long size);

/* The last chunk is there. */
void smtp_transfer_end_chunks(struct smtp_transfer *transfer);

/* Give up: nothing is committed. */
void smtp_transfer_abort(struct smtp_transfer *transfer);

/* Give back the memory of a large message: the client may stay for long, and idle. */
void smtp_transfer_release(struct smtp_transfer *transfer, struct smtp_channel *ch);

#endif
