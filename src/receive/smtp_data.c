#include <stdint.h>
#include <string.h>

#include "receive/smtp_data.h"

#define ONES (~(uint64_t)0 / 255)
#define HIGHS (ONES * 128)
#define HAS_ZERO(x) (((x)-ONES) & ~(x)&HIGHS)

void
smtp_data_begin(
    struct smtp_data *d, unsigned long long max, unsigned long long header_max)
{
	memset(d, 0, sizeof *d);
	d->max = max;
	d->header_max = header_max;
}

/*
 * Where the first CR, LF or null byte is in s[at..len), or len.  Eight bytes a step: two
 * runs of memchr over each line cost twice as much.
 */
static size_t
find_end_of_line(const char *s, size_t at, size_t len)
{
	uint64_t word;

	for (; len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, s + at, sizeof word);
		if (HAS_ZERO(word ^ ONES * '\n') | HAS_ZERO(word ^ ONES * '\r') |
		    HAS_ZERO(word))
			break;
	}
	while (at < len && s[at] != '\n' && s[at] != '\r' && s[at] != '\0')
		at++;
	return at;
}

/*
 * At the beginning of a line: take the final dot or a stuffed one.  Returns the bytes
 * taken, or -1 when there are too few to tell.
 */
static int
begin_line(struct smtp_data *d, const char *s, size_t len)
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

/* A CR, an LF or a null byte is out of place.  Returns 1 when it is mended. */
static int
note_fault(struct smtp_data *d, char c)
{
	/* The line that begins then has no final dot: only CRLF.CRLF ends the data. */
	if (c == '\n' && d->mends_lf && d->mends_lf()) {
		d->octets++;
		return 1;
	}
	if (c == '\0')
		d->faults |= SMTP_DATA_NULL;
	else
		d->faults |= c == '\r' ? SMTP_DATA_BARE_CR : SMTP_DATA_BARE_LF;
	return 0;
}

/* What has been decoded is put bytes at out. */
static void
judge(struct smtp_data *d, const char *out, size_t put)
{
	if (!d->header.ended) {
		smtp_header_look(&d->header, out, put);
		if (d->header.hops > SMTP_HOPS_MAX)
			d->faults |= SMTP_DATA_LOOPS;
		if (d->header_max && d->header.octets > d->header_max)
			d->faults |= SMTP_DATA_HEADER;
	}
	if (d->max && d->octets > d->max)
		d->faults |= SMTP_DATA_TOO_LARGE;
}

size_t
smtp_data_decode(struct smtp_data *d, char *out, const char *s, size_t len, size_t *used)
{
	size_t at = 0, end, put = 0;
	int taken;

	while (at < len) {
		if (!d->in_line) {
			taken = begin_line(d, s + at, len - at);
			if (taken == -1)
				break;
			at += taken;
			if (d->ended)
				break;
		}
		end = find_end_of_line(s, at, len);
		memcpy(out + put, s + at, end - at);
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
		} else {
			note_fault(d, s[end]);
			out[put++] = s[end];
			d->octets++;
			at = end + 1;
		}
	}
	judge(d, out, put);
	*used = at;
	return put;
}

/* The CR at the end of what came before is now known to stand alone. */
static size_t
release_cr(struct smtp_data *d, char *out)
{
	d->cr_held = 0;
	d->octets++;
	note_fault(d, '\r');
	out[0] = '\r';
	return 1;
}

size_t
smtp_data_decode_chunk(struct smtp_data *d, char *out, const char *s, size_t len)
{
	size_t at = 0, end, put = 0;

	while (at < len) {
		if (d->cr_held && s[at] == '\n') {
			d->cr_held = d->in_line = 0;
			d->octets += 2;
			out[put++] = '\n';
			at++;
			continue;
		}
		if (d->cr_held)
			put += release_cr(d, out + put);
		end = find_end_of_line(s, at, len);
		memcpy(out + put, s + at, end - at);
		put += end - at;
		d->octets += end - at;
		at = end;
		d->in_line = 1;
		if (end == len)
			break;
		if (s[end] == '\r') {
			d->cr_held = 1;
		} else {
			d->in_line = !note_fault(d, s[end]);
			out[put++] = s[end];
			d->octets++;
		}
		at++;
	}
	judge(d, out, put);
	return put;
}

size_t
smtp_data_end_chunks(struct smtp_data *d, char *out)
{
	size_t put = 0;

	if (d->cr_held)
		put += release_cr(d, out);
	if (d->in_line) {
		d->in_line = 0;
		d->octets += 2;
		out[put++] = '\n';
	}
	d->ended = 1;
	judge(d, out, put);
	return put;
}
