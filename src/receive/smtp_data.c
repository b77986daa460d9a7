#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "receive/smtp_data.h"

#define RECEIVED "Received:"
#define RECEIVED_LEN (sizeof RECEIVED - 1)

#define ONES (~(uint64_t)0 / 255)
#define HIGHS (ONES * 128)
#define HAS_ZERO(x) (((x)-ONES) & ~(x)&HIGHS)

void
smtp_data_begin(struct smtp_data *d, unsigned long long max)
{
	memset(d, 0, sizeof *d);
	d->max = max;
	d->in_header = 1;
}

/*
 * Where the first CR or LF is in s[at..len), or len.  Eight bytes a step: two
 * runs of memchr over each line cost twice as much.
 */
static size_t
find_end_of_line(const char *s, size_t at, size_t len)
{
	uint64_t word;

	for (; len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, s + at, sizeof word);
		if (HAS_ZERO(word ^ ONES * '\n') | HAS_ZERO(word ^ ONES * '\r'))
			break;
	}
	while (at < len && s[at] != '\n' && s[at] != '\r')
		at++;
	return at;
}

/* Judge the beginning s[0..len) of a header line.  Returns 0 when it is too short for
 * that. */
static int
header_line(struct smtp_data *d, const char *s, size_t len)
{
	if (len < RECEIVED_LEN && !memchr(s, '\n', len))
		return 0;
	if (len >= 2 && s[0] == '\r' && s[1] == '\n')
		d->in_header = 0;
	else if (len >= RECEIVED_LEN && !strncasecmp(s, RECEIVED, RECEIVED_LEN) &&
		 ++d->hops > SMTP_HOPS_MAX)
		d->faults |= SMTP_DATA_LOOPS;
	return 1;
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
	if (d->in_header && !header_line(d, s + dot, len - dot))
		return -1;
	d->in_line = 1;
	return dot;
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
			d->faults |=
			    s[end] == '\r' ? SMTP_DATA_BARE_CR : SMTP_DATA_BARE_LF;
			out[put++] = s[end];
			d->octets++;
			at = end + 1;
		}
	}
	if (d->max && d->octets > d->max)
		d->faults |= SMTP_DATA_TOO_LARGE;
	*used = at;
	return put;
}
