#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "receive/smtp_transfer.h"

#define SMALL 16384 /* a message that leaves little memory behind */

void
smtp_transfer_abort(struct smtp_transfer *transfer)
{
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
flush_to_sink(struct smtp_transfer *transfer)
{
	size_t done = 0;
	int64_t until = 0;
	ssize_t r;

	while (transfer->sinking && done < transfer->used) {
		r = write(
		    transfer->sink.message, transfer->out + done, transfer->used - done);
		if (r > 0) {
			done += r;
			continue;
		}
		if (!until)
			until = deadline_now() + SMTP_SINK_SECONDS * INT64_C(1000);
		if (errno == EINTR ||
		    (errno == EAGAIN &&
			!deadline_wait(transfer->sink.message, POLLOUT, until)))
			continue;
		/* One that ended early says why, or its exit code does. */
		if (errno == EPIPE) {
			transfer->cut = 1;
			break;
		}
		carpsys("unable to write to the sink");
		smtp_transfer_abort(transfer);
	}
	transfer->used = 0;
}

int
smtp_transfer_begin(
    struct smtp_transfer *transfer, const char *const *argv, const stralloc *header)
{
	if (sink_start(&transfer->sink, argv) == -1)
		return -1;
	transfer->sinking = 1;
	transfer->cut = 0;
	memcpy(transfer->out, header->s, header->len);
	transfer->used = header->len;
	return 0;
}

/* A message that can't be taken is read to its end, but not kept. */
static void
drop_unfit(struct smtp_transfer *transfer)
{
	if (transfer->data.faults)
		smtp_transfer_abort(transfer);
	if (!transfer->sinking)
		transfer->used = 0;
}

ssize_t
smtp_transfer_data(struct smtp_transfer *transfer, struct smtp_channel *ch)
{
	size_t used;
	ssize_t r;

	for (;;) {
		if (transfer->used + ch->end - ch->start > sizeof transfer->out)
			flush_to_sink(transfer);
		transfer->used +=
		    smtp_data_decode(&transfer->data, transfer->out + transfer->used,
			ch->input + ch->start, ch->end - ch->start, &used);
		ch->start += used;
		drop_unfit(transfer);
		if (transfer->data.ended)
			break;
		r = smtp_channel_fill(ch, sizeof ch->input);
		if (r <= 0)
			return r;
	}
	flush_to_sink(transfer);
	return 1;
}

ssize_t
smtp_transfer_chunk(
    struct smtp_transfer *transfer, struct smtp_channel *ch, unsigned long long size)
{
	size_t piece;
	ssize_t r;

	while (size) {
		if (ch->start == ch->end) {
			r = smtp_channel_fill(ch, sizeof ch->input);
			if (r <= 0)
				return r;
		}
		piece = ch->end - ch->start;
		if (piece > size)
			piece = size;
		if (transfer->used + piece + 1 > sizeof transfer->out)
			flush_to_sink(transfer);
		if (transfer->sinking)
			transfer->used += smtp_data_decode_chunk(&transfer->data,
			    transfer->out + transfer->used, ch->input + ch->start, piece);
		ch->start += piece;
		size -= piece;
		drop_unfit(transfer);
	}
	return 1;
}

void
smtp_transfer_end_chunks(struct smtp_transfer *transfer)
{
	if (transfer->used + 2 > sizeof transfer->out)
		flush_to_sink(transfer);
	transfer->used +=
	    smtp_data_end_chunks(&transfer->data, transfer->out + transfer->used);
	drop_unfit(transfer);
	flush_to_sink(transfer);
}

void
smtp_transfer_release(struct smtp_transfer *transfer, struct smtp_channel *ch)
{
	if (transfer->data.octets < SMALL || ch->start != ch->end)
		return;
	madvise(ch->input, sizeof ch->input, MADV_DONTNEED);
	madvise(transfer->out, sizeof transfer->out, MADV_DONTNEED);
}
