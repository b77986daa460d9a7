#include "qmtp/qmtp_text.h"

size_t
qmtp_text_decode(struct qmtp_text *t, char *out, const char *in, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (t->cr_held && in[i] != '\n') {
			t->faults |= QMTP_TEXT_BARE_CR;
			out[n++] = '\r';
			t->octets++;
		}
		if (in[i] == '\n') {
			if (!t->cr_held && t->encoding == QMTP_TEXT_CRLF)
				t->faults |= QMTP_TEXT_BARE_LF;
			t->octets++;
		}
		t->cr_held = in[i] == '\r';
		if (t->cr_held)
			continue;
		if (in[i] == '\0')
			t->faults |= QMTP_TEXT_NULL;
		out[n++] = in[i];
		t->octets++;
	}
	return n;
}

void
qmtp_text_end(struct qmtp_text *t)
{
	if (t->cr_held)
		t->faults |= QMTP_TEXT_BARE_CR;
	t->cr_held = 0;
}
