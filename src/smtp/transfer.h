#ifndef SMTP_TRANSFER_H
#define SMTP_TRANSFER_H

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/sink.h"
#include "smtp/data.h"
#include "smtp/wire.h"

#define TRANSFER_SINK_SECONDS 300 /* for a step of the sink, and for its verdict */

/* A message on its way to the sink.  Zeroed to begin with. */
struct transfer {
	struct data data;
	struct sink sink;
	struct queue_client service; /* kept for the session's messages */
	int sinking;                 /* the sink is there */
	int is_begun;                /* something of the message is decoded */
	size_t used;
	/* decoded, for the next write to the sink */
	char out[WIRE_INPUT_SIZE + 4096];
};

/*
 * Start the sink argv, and give it the header fields first; a filter is told told, which
 * is null for any other.  Returns 0, or -1 with errno.
 */
int transfer_begin(struct transfer *transfer, const char *const *argv,
    const stralloc *header, const stralloc *told);

#define TRANSFER_LF_END 2 /* of transfer_data */

/*
 * Take the data to its final dot.  Returns 1, or what wire_fill did.  When
 * something goes wrong on our side, the data is taken to its end all the same, and
 * sinking is false then.  TRANSFER_LF_END when a line with a dot and an LF alone seems to
 * be the end for the client: it waits.
 */
ssize_t transfer_data(struct transfer *transfer, struct wire *ch);

/* Take a chunk of size bytes, likewise. */
ssize_t transfer_chunk(
    struct transfer *transfer, struct wire *ch, unsigned long long size);

/* The last chunk is there. */
void transfer_end_chunks(struct transfer *transfer);

/* Give up: nothing is committed. */
void transfer_abort(struct transfer *transfer);

/* Give back the memory of a large message: the client may stay for long, and idle. */
void transfer_release(struct transfer *transfer, struct wire *ch);

/* The client is silent: give back what nothing stands in. */
void transfer_rest(struct transfer *transfer, struct wire *ch);

#endif
