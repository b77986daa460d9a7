#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "smtp/data.h"

#define ONES (~(uint64_t)0 / 255)
#define HIGHS (ONES * 128)
#define HAS_ZERO(x) (((x)-ONES) & ~(x)&HIGHS)

void
data_begin(struct data *d, unsigned long long max, unsigned long long header_max)
{
	/* most headers have no Delivered-To, and need no memory for it */
	memset(d, 0, offsetof(struct data, header.delivered));
	d->max = max;
	d->header_max = header_max;
}

/*
 * Copy s[0..len) up to the first CR, LF or null byte, which is not copied, to out.
 * Returns how many bytes that are.  Eight bytes a step: to look for the end with memchr
 * and to copy with memcpy costs several times as much, for a line is short.
 */
static size_t
copy_line(char *out, const char *s, size_t len)
{
	size_t n = 0;
	uint64_t word;

	for (; len - n >= sizeof word; n += sizeof word) {
		memcpy(&word, s + n, sizeof word);
		if (HAS_ZERO(word ^ ONES * '\n') | HAS_ZERO(word ^ ONES * '\r') |
		    HAS_ZERO(word))
			break;
		memcpy(out + n, &word, sizeof word);
	}
	for (; n < len && s[n] != '\n' && s[n] != '\r' && s[n] != '\0'; n++)
		out[n] = s[n];
	return n;
}

/*
 * At the beginning of a line: take the final dot or a stuffed one.  Returns the bytes
 * taken, or -1 when there are too few to tell.
 */
static int
begin_line(struct data *d, const char *s, size_t len)
{
	int dot = s[0] == '.';

	if (dot) {
		if (len == 1 || (len == 2 && s[1] == '\r'))
			return -1;
		if (s[1] == '\r' && s[2] == '\n') {
			d->ended = 1;
			return 3;
		}
	}
	d->in_line = 1;
	return dot;
}

/*
 * A CR, an LF or a null byte is out of place.  Returns what becomes of it: a line end
 * when it is mended.  The line that begins then has no final dot: only CRLF.CRLF ends the
 * data.
 */
static char
note_fault(struct data *d, char c)
{
	d->octets++;
	if (c == '\0') {
		d->faults |= DATA_NULL;
		return c;
	}
	if (d->mends != NULL && d->mends()) {
		d->is_mended = 1;
		d->octets++;
		return '\n';
	}
	d->faults |= c == '\r' ? DATA_BARE_CR : DATA_BARE_LF;
	return c;
}

/*
 * Is the CR at s, where another byte stands behind it, one too many, as in CR CR LF?  1,
 * 0, or -1 when that can't be told yet.
 */
static int
is_spare_cr(struct data *d, const char *s, size_t len)
{
	if (s[0] != '\r' || s[1] != '\r' || d->mends == NULL || !d->mends())
		return 0;
	if (len == 2)
		return -1;
	d->is_mended |= s[2] == '\n';
	return s[2] == '\n';
}

/* What has been decoded is put bytes at out. */
static void
judge(struct data *d, const char *out, size_t put)
{
	if (!d->header.ended) {
		header_watch_look(&d->header, out, put);
		if (d->header.hops > HEADER_WATCH_HOPS_MAX)
			d->faults |= DATA_LOOPS;
		if (d->header_max && d->header.octets > d->header_max)
			d->faults |= DATA_HEADER;
	}
	if (d->max && d->octets > d->max)
		d->faults |= DATA_TOO_LARGE;
}

size_t
data_decode(struct data *d, char *out, const char *s, size_t len, size_t *used)
{
	size_t at = 0, end, put = 0;
	int taken, spare;

	while (at < len) {
		if (!d->in_line) {
			taken = begin_line(d, s + at, len - at);
			if (taken == -1)
				break;
			at += taken;
			if (d->ended)
				break;
		}
		end = at + copy_line(out + put, s + at, len - at);
		put += end - at;
		d->octets += end - at;
		at = end;
		if (end == len || (s[end] == '\r' && end + 1 == len))
			break;
		if (s[end] == '\r' && s[end + 1] == '\n') {
			out[put++] = '\n';
			d->octets += 2;
			d->in_line = 0;
			at = end + 2;
			continue;
		}
		spare = is_spare_cr(d, s + end, len - end);
		if (spare == -1)
			break;
		if (!spare)
			out[put++] = note_fault(d, s[end]);
		at = end + 1;
	}
	judge(d, out, put);
	*used = at;
	return put;
}

/* A CR at the end of what came before is now known to stand alone. */
static size_t
release_cr(struct data *d, char *out)
{
	d->cr_held--;
	out[0] = note_fault(d, '\r');
	d->in_line = out[0] != '\n';
	return 1;
}

/* What follows the CRs is c, no LF; one of them may be the spare one of CR CR LF. */
static size_t
release_crs(struct data *d, char *out, char c)
{
	int left = c == '\r' && d->mends != NULL && d->mends();
	size_t put = 0;

	while (d->cr_held > left)
		put += release_cr(d, out + put);
	return put;
}

static void
end_line(struct data *d)
{
	d->is_mended |= d->cr_held > 1;
	d->cr_held = d->in_line = 0;
	d->octets += 2;
}

size_t
data_decode_chunk(struct data *d, char *out, const char *s, size_t len)
{
	size_t at = 0, end, put = 0;

	for (; at < len; at++) {
		if (d->cr_held && s[at] == '\n') {
			end_line(d);
			out[put++] = '\n';
			continue;
		}
		if (d->cr_held)
			put += release_crs(d, out + put, s[at]);
		end = at + copy_line(out + put, s + at, len - at);
		put += end - at;
		d->octets += end - at;
		at = end;
		d->in_line = 1;
		if (end == len)
			break;
		if (s[end] == '\r') {
			d->cr_held++;
			continue;
		}
		out[put] = note_fault(d, s[end]);
		d->in_line = out[put++] != '\n' || d->faults & DATA_BARE_LF;
	}
	judge(d, out, put);
	return put;
}

size_t
data_end_chunks(struct data *d, char *out)
{
	size_t put = 0;

	while (d->cr_held)
		put += release_cr(d, out + put);
	if (d->in_line) {
		d->in_line = 0;
		d->octets += 2;
		out[put++] = '\n';
	}
	d->ended = 1;
	judge(d, out, put);
	return put;
}
