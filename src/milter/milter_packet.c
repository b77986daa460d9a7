#include <string.h>

#include "lib/text.h"
#include "milter/milter_packet.h"

#define LENGTH 4 /* bytes, before the command */

static void
write_number(char *s, uint32_t n)
{
	int i;

	for (i = 3; i >= 0; i--, n >>= 8)
		s[i] = (char)(n & 255);
}

static uint32_t
read_number(const char *s)
{
	uint32_t n = 0;
	int i;

	for (i = 0; i < LENGTH; i++)
		n = n << 8 | (unsigned char)s[i];
	return n;
}

size_t
milter_packet_begin(stralloc *sa, char command)
{
	size_t at = sa->len;

	milter_packet_put_number(sa, 0);
	text_catb(sa, &command, 1);
	return at;
}

void
milter_packet_end(stralloc *sa, size_t at)
{
	write_number(sa->s + at, (uint32_t)(sa->len - at - LENGTH));
}

void
milter_packet_put_number(stralloc *sa, uint32_t n)
{
	char s[LENGTH];

	write_number(s, n);
	text_catb(sa, s, LENGTH);
}

void
milter_packet_put_string(stralloc *sa, const char *s)
{
	text_catb(sa, s, strlen(s) + 1);
}

void
milter_packet_put(stralloc *sa, const char *s, size_t len)
{
	text_catb(sa, s, len);
}

long
milter_packet_take(
    const char *s, size_t len, char *command, const char **data, size_t *data_len)
{
	uint32_t n;

	if (len < LENGTH)
		return 0;
	n = read_number(s);
	if (n == 0 || n > MILTER_PACKET_MAX)
		return -1;
	if (len - LENGTH < n)
		return 0;
	*command = s[LENGTH];
	*data = s + LENGTH + 1;
	*data_len = n - 1;
	return (long)(LENGTH + n);
}

int
milter_packet_number(struct milter_packet_reader *r, uint32_t *n)
{
	if (r->len < LENGTH)
		return 0;
	*n = read_number(r->s);
	r->s += LENGTH;
	r->len -= LENGTH;
	return 1;
}

int
milter_packet_string(struct milter_packet_reader *r, const char **s)
{
	const char *end = r->len > 0 ? memchr(r->s, '\0', r->len) : NULL;

	if (end == NULL)
		return 0;
	*s = r->s;
	r->len -= (size_t)(end + 1 - r->s);
	r->s = end + 1;
	return 1;
}
