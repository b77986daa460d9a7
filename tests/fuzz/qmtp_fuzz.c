/* What comes of a message does not depend on its pieces; answers and names are bounded.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "qmtp/qmqp_server.h"
#include "qmtp/qmtp_text.h"

/* Decode s[0..len) to out in pieces. */
static size_t
decode(struct qmtp_text *t, char *out, const char *s, size_t len, size_t piece)
{
	size_t at, n, used = 0;

	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		used += qmtp_text_decode(t, out + used, s + at, n);
	}
	qmtp_text_end(t);
	return used;
}

static void
check_text(char encoding, const char *s, size_t len)
{
	struct qmtp_text one = {.encoding = encoding}, other = one, again = one;
	char *a = malloc(2 * len + 1), *b = malloc(2 * len + 1), *c = malloc(2 * len + 1);
	size_t n, m;

	if (a == NULL || b == NULL || c == NULL)
		abort();
	n = decode(&one, a, s, len, len + 1);
	m = decode(&other, b, s, len, 3);
	if (n != m || memcmp(a, b, n) != 0 || one.faults != other.faults ||
	    one.octets != other.octets)
		abort();
	/* without faults it is text with lines that end in LF */
	if (one.faults == 0) {
		if (memchr(a, '\r', n) != NULL || memchr(a, '\0', n) != NULL)
			abort();
		again.encoding = QMTP_TEXT_LF;
		if (decode(&again, c, a, n, 2) != n || memcmp(a, c, n) != 0 ||
		    again.octets != one.octets)
			abort();
	}
	free(a);
	free(b);
	free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct qmqp_server server;
	const char *s = (const char *)data, *text;
	char name[128], letter;
	size_t n;

	check_text(QMTP_TEXT_LF, s, len);
	check_text(QMTP_TEXT_CRLF, s, len);
	letter = qmqp_server_answer(s, len, &text, &n);
	if (letter && (text < s || text + n > s + len || text[-1] != letter))
		abort();
	n = len < sizeof(name) ? len : sizeof(name) - 1;
	memcpy(name, s, n);
	name[n] = '\0';
	if (qmqp_server_parse(&server, name) && (server.port == 0 || server.port > 65535))
		abort();
	return 0;
}
