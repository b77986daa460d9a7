#include <string.h>

#include "lib/dotstuff.h"

/*
 * Write or, without out, only count n bytes of one line.  A CR among them is not followed
 * by LF: it was looked for before.
 */
static size_t
put(struct dotstuff *d, char *out, const char *in, size_t n)
{
	size_t at = 0;
	char *cr;

	if (!n)
		return 0;
	d->octets += n;
	if (out != NULL) {
		if (!d->line_begun && !d->is_plain && *in == '.')
			out[at++] = '.';
		memcpy(out + at, in, n);
		for (cr = memchr(out + at, '\r', n); cr != NULL;
		     cr = memchr(cr, '\r', (size_t)(out + at + n - cr)))
			*cr = ' ';
	}
	d->line_begun = 1;
	return at + n;
}

static size_t
put_line_end(struct dotstuff *d, char *out)
{
	d->octets += 2;
	d->line_begun = 0;
	if (out != NULL) {
		out[0] = '\r';
		out[1] = '\n';
	}
	return 2;
}

static size_t
convert(struct dotstuff *d, char *out, const char *in, size_t len)
{
	const char *end = in + len;
	size_t at = 0;

	if (len && d->cr_held) {
		d->cr_held = 0;
		if (*in != '\n')
			at += put(d, out, " ", 1);
	}
	while (in < end) {
		const char *lf = memchr(in, '\n', (size_t)(end - in));
		size_t n = (size_t)((lf != NULL ? lf : end) - in);
		int cr = n && in[n - 1] == '\r';

		at += put(d, out != NULL ? out + at : NULL, in, n - (size_t)cr);
		if (lf == NULL) {
			d->cr_held = cr;
			break;
		}
		at += put_line_end(d, out != NULL ? out + at : NULL);
		in = lf + 1;
	}
	return at;
}

static size_t
complete(struct dotstuff *d, char *out)
{
	size_t at = 0;

	if (d->cr_held)
		at += put(d, out, " ", 1);
	d->cr_held = 0;
	if (d->line_begun)
		at += put_line_end(d, out != NULL ? out + at : NULL);
	return at;
}

size_t
dotstuff_encode(struct dotstuff *d, char *out, const char *in, size_t len)
{
	return convert(d, out, in, len);
}

size_t
dotstuff_end(struct dotstuff *d, char *out)
{
	size_t at = complete(d, out);

	if (d->is_plain)
		return at;
	memcpy(out + at, ".\r\n", 3);
	return at + 3;
}

void
dotstuff_count(struct dotstuff *d, const char *in, size_t len)
{
	convert(d, NULL, in, len);
}

void
dotstuff_count_end(struct dotstuff *d)
{
	complete(d, NULL);
}
