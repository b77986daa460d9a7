#include <errno.h>

#include "lib/deadline.h"
#include "lib/netstring_scan.h"
#include "lib/text.h"
#include "qmtp/qmtp_input.h"

/* Read more when nothing is there.  Returns as qmtp_input_some. */
static ssize_t
fill(struct qmtp_input *in)
{
	int64_t left = in->until - deadline_now();
	unsigned seconds = in->seconds;
	ssize_t r;

	if (left <= 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	if (left < (int64_t)seconds * 1000)
		seconds = (unsigned)(left / 1000 + 1);
	r = deadline_read(in->fd, in->s, sizeof(in->s), seconds);
	in->start = 0;
	in->end = r > 0 ? (size_t)r : 0;
	return r;
}

ssize_t
qmtp_input_some(struct qmtp_input *in, size_t max, const char **s)
{
	size_t n;
	ssize_t r;

	if (in->start == in->end) {
		r = fill(in);
		if (r <= 0)
			return r;
	}
	n = in->end - in->start;
	if (n > max)
		n = max;
	*s = in->s + in->start;
	in->start += n;
	in->consumed += n;
	return (ssize_t)n;
}

int
qmtp_input_byte(struct qmtp_input *in, char *c)
{
	const char *s;
	ssize_t r = qmtp_input_some(in, 1, &s);

	if (r == 1)
		*c = *s;
	return (int)r;
}

static int
malformed(void)
{
	errno = EPROTO;
	return -1;
}

int
qmtp_input_length(struct qmtp_input *in, unsigned long long *len)
{
	char s[NETSTRING_LENGTH_DIGITS + 1];
	size_t n = 0, size = 0;
	ssize_t found = 0;
	int r;

	while (found == 0 && n < sizeof(s)) {
		r = qmtp_input_byte(in, s + n);
		if (r != 1)
			return r == 0 && n > 0 ? malformed() : r;
		n++;
		found = netstring_scan_length(s, n, QMTP_INPUT_LENGTH_MAX, &size);
	}
	*len = size;
	return found > 0 ? 1 : malformed();
}

int
qmtp_input_comma(struct qmtp_input *in)
{
	char c = '\0';
	int r = qmtp_input_byte(in, &c);

	return r == 1 && c != ',' ? malformed() : r;
}

int
qmtp_input_netstring(struct qmtp_input *in, stralloc *sa, size_t max)
{
	unsigned long long len;
	const char *s;
	ssize_t r = qmtp_input_length(in, &len);

	if (r != 1)
		return (int)r;
	if (len > max)
		return malformed();
	sa->len = 0;
	for (; len > 0; len -= (size_t)r) {
		r = qmtp_input_some(in, (size_t)len, &s);
		if (r <= 0)
			return (int)r;
		text_catb(sa, s, (size_t)r);
	}
	text_terminate(sa);
	return qmtp_input_comma(in);
}
