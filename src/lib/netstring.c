#include <errno.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/verdict.h"

void
netstring_put(stralloc *sa, const char *s, size_t len)
{
	char n[DECIMAL_MAX];

	text_cat(sa, text_decimal(n, len), ":", (char *)NULL);
	text_catb(sa, s, len);
	text_catb(sa, ",", 1);
}

/* Read exactly len bytes.  Returns 1, 0 at the end of file, -1 with errno. */
static int
read_exactly(int fd, char *s, size_t len, unsigned seconds)
{
	ssize_t r;

	while (len > 0) {
		r = deadline_read(fd, s, len, seconds);
		if (r <= 0)
			return (int)r;
		s += r;
		len -= (size_t)r;
	}
	return 1;
}

int
netstring_read(int fd, stralloc *sa, size_t max, unsigned seconds)
{
	char length[NETSTRING_LENGTH_DIGITS + 1];
	size_t n = 0, size;
	ssize_t r;

	/* byte by byte up to the colon: what follows may belong to another reader */
	do {
		if (n == sizeof(length)) {
			errno = EPROTO;
			return -1;
		}
		r = read_exactly(fd, length + n, 1, seconds);
		if (r == 0 && n > 0)
			errno = EPROTO;
		if (r <= 0)
			return r == 0 && n == 0 ? 0 : -1;
		r = netstring_scan_length(length, ++n, max, &size);
	} while (r == 0);
	if (r == -1) {
		errno = EPROTO;
		return -1;
	}
	if (!stralloc_ready(sa, size + 1))
		die(DEFER, "out of memory");
	r = read_exactly(fd, sa->s, size + 1, seconds);
	if (r == 0 || (r == 1 && sa->s[size] != ',')) {
		errno = EPROTO;
		return -1;
	}
	sa->len = size;
	return (int)r;
}
