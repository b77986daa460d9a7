#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "smtp/transfer.h"

#define PAGE 4096
#define SMALL 16384      /* a message that leaves little memory behind */
#define LF_END 0x0a2e0a  /* LF . LF */
#define LF_END_SECONDS 5 /* after which nothing comes behind it */

void
transfer_abort(struct transfer *transfer)
{
	/* a session without mail never touches it */
	if (!transfer->sinking && transfer->used == 0)
		return;
	if (transfer->sinking)
		sink_abort(&transfer->sink);
	transfer->sinking = 0;
	transfer->used = 0;
}

/*
 * Write to the sink what has been decoded.  Whatever goes wrong, the data is read to its
 * end and then refused.
 */
static void
flush_to_sink(struct transfer *transfer)
{
	/* One that does not want it all says why at the end. */
	if (transfer->sinking &&
	    sink_write(&transfer->sink, transfer->out, transfer->used,
		TRANSFER_SINK_SECONDS) == -1 &&
	    errno != EPIPE) {
		carpsys("unable to write to the sink");
		transfer_abort(transfer);
	}
	transfer->used = 0;
}

/* The rest waits for the envelope. */
static void
leave_last(struct transfer *transfer)
{
	if (transfer->sinking)
		sink_last(&transfer->sink, transfer->out, transfer->used);
	transfer->used = 0;
}

int
transfer_begin(struct transfer *transfer, const char *const *argv, const stralloc *header,
    const stralloc *told)
{
	int r = told != NULL ? sink_start_told(&transfer->sink, argv, told)
			     : sink_start_kept(&transfer->sink, argv, &transfer->service);

	if (r == -1)
		return -1;
	transfer->sinking = 1;
	transfer->is_begun = 0;
	memcpy(transfer->out, header->s, header->len);
	transfer->used = header->len;
	return 0;
}

/*
 * len bytes of the message have been decoded behind what waits.  If it begins with a
 * blank, it would go on with our last field: an empty line parts them.
 */
static void
take_decoded(struct transfer *transfer, size_t len)
{
	char *s = transfer->out + transfer->used;

	if (len > 0 && !transfer->is_begun) {
		transfer->is_begun = 1;
		if (transfer->data.header.is_headless) {
			memmove(s + 1, s, len++);
			*s = '\n';
		}
	}
	transfer->used += len;
}

/* A message that can't be taken is read to its end, but not kept. */
static void
drop_unfit(struct transfer *transfer)
{
	if (transfer->data.faults)
		transfer_abort(transfer);
	if (!transfer->sinking)
		transfer->used = 0;
}

/* The last three bytes, of which s[0..len) are the newest. */
static uint32_t
add_tail(uint32_t tail, const char *s, size_t len)
{
	for (size_t i = len < 3 ? 0 : len - 3; i < len; i++)
		tail = (tail << 8 | (unsigned char)s[i]) & 0xffffff;
	return tail;
}

/*
 * A client that ends its data by LF . LF would wait for us as we for it.  In the midst of
 * a message the same bytes are none of that: then more comes.
 */
static int
is_waiting(struct wire *ch)
{
	unsigned seconds = wire_seconds(ch);

	if (wire_flush(ch) == -1 || seconds <= LF_END_SECONDS)
		return 0;
	return deadline_wait(ch->in, POLLIN,
		   deadline_now() + LF_END_SECONDS * INT64_C(1000)) == -1 &&
	       errno == ETIMEDOUT;
}

ssize_t
transfer_data(struct transfer *transfer, struct wire *ch)
{
	uint32_t tail = '\n'; /* of the line DATA */
	size_t used;
	ssize_t r;

	for (;;) {
		if (transfer->used + ch->end - ch->start + 1 > sizeof transfer->out)
			flush_to_sink(transfer);
		take_decoded(
		    transfer, data_decode(&transfer->data, transfer->out + transfer->used,
				  ch->input + ch->start, ch->end - ch->start, &used));
		tail = add_tail(tail, ch->input + ch->start, used);
		ch->start += used;
		drop_unfit(transfer);
		if (transfer->data.ended)
			break;
		if (tail == LF_END && ch->start == ch->end && is_waiting(ch))
			return TRANSFER_LF_END;
		r = wire_fill(ch, sizeof ch->input);
		if (r <= 0)
			return r;
	}
	leave_last(transfer);
	return 1;
}

ssize_t
transfer_chunk(struct transfer *transfer, struct wire *ch, unsigned long long size)
{
	size_t piece;
	ssize_t r;

	while (size) {
		if (ch->start == ch->end) {
			r = wire_fill(ch, sizeof ch->input);
			if (r <= 0)
				return r;
		}
		piece = ch->end - ch->start;
		if (piece > size)
			piece = size;
		if (transfer->used + piece + 3 > sizeof transfer->out)
			flush_to_sink(transfer);
		if (transfer->sinking)
			take_decoded(transfer, data_decode_chunk(&transfer->data,
						   transfer->out + transfer->used,
						   ch->input + ch->start, piece));
		ch->start += piece;
		size -= piece;
		drop_unfit(transfer);
	}
	return 1;
}

void
transfer_end_chunks(struct transfer *transfer)
{
	if (transfer->used + 4 > sizeof transfer->out)
		flush_to_sink(transfer);
	take_decoded(
	    transfer, data_end_chunks(&transfer->data, transfer->out + transfer->used));
	drop_unfit(transfer);
	leave_last(transfer);
}

/* The whole pages of s[0..len), with what stands in them. */
static void
give_back(char *s, size_t len)
{
	size_t before = -(uintptr_t)s % PAGE;

	if (len > before)
		madvise(s + before, (len - before) / PAGE * PAGE, MADV_DONTNEED);
}

void
transfer_rest(struct transfer *transfer, struct wire *ch)
{
	if (ch->start == ch->end)
		give_back(ch->input, sizeof ch->input);
	/* it has been handed over, or is being so */
	if (!transfer->sinking)
		give_back(transfer->out, sizeof transfer->out);
}

void
transfer_release(struct transfer *transfer, struct wire *ch)
{
	if (transfer->data.octets >= SMALL)
		transfer_rest(transfer, ch);
}
