#include <limits.h>
#include <string.h>

#include "lib/text.h"
#include "queue/header.h"

#define MAGIC "facteur1 "
#define MAGIC_LEN (sizeof MAGIC - 1)
#define NAME_LEN (sizeof "facteur" - 1)
#define VERSION 1
#define DIGITS 20 /* of the largest 64-bit number */
#define MESSAGE_AT MAGIC_LEN
#define ENVELOPE_AT (MESSAGE_AT + DIGITS + 1)
#define PADDING_AT (ENVELOPE_AT + DIGITS)

static void
put_digits(char *buf, uint64_t n)
{
	for (int i = DIGITS; i-- > 0; n /= 10)
		buf[i] = '0' + n % 10;
}

void
header_format(char *buf, const struct header *h)
{
	memset(buf, ' ', HEADER_LEN - 1);
	buf[HEADER_LEN - 1] = '\n';
	memcpy(buf, MAGIC, MAGIC_LEN);
	put_digits(buf + MESSAGE_AT, h->message);
	put_digits(buf + ENVELOPE_AT, h->envelope);
}

static int
is_padding(const char *buf)
{
	for (int i = PADDING_AT; i < HEADER_LEN - 1; ++i)
		if (buf[i] != ' ')
			return 0;
	return buf[ENVELOPE_AT - 1] == ' ' && buf[HEADER_LEN - 1] == '\n';
}

int
header_parse(struct header *h, const char *buf, uint64_t size)
{
	unsigned long long message, envelope;

	if (size < HEADER_LEN || memcmp(buf, MAGIC, MAGIC_LEN) != 0 || !is_padding(buf))
		return 0;
	size -= HEADER_LEN;
	if (!text_number(buf + MESSAGE_AT, DIGITS, size, &message) ||
	    !text_number(buf + ENVELOPE_AT, DIGITS, size - message, &envelope))
		return 0;
	h->message = message;
	h->envelope = envelope;
	return 1;
}

int
header_is_later(const char *buf)
{
	const char *blank = memchr(buf + NAME_LEN, ' ', DIGITS);
	unsigned long long version;

	return memcmp(buf, MAGIC, NAME_LEN) == 0 && blank != NULL &&
	       text_number(
		   buf + NAME_LEN, blank - buf - NAME_LEN, UINT64_MAX, &version) &&
	       version > VERSION;
}

uint64_t
header_end(const struct header *h)
{
	return HEADER_LEN + h->message + h->envelope;
}
