/* Parameters that are taken are fit for the envelope, and say what they said when read
 * again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/envelope.h"
#include "lib/xtext.h"
#include "smtp/envelope_write.h"
#include "smtp/parameters.h"

static void
check_mail(const char *s, size_t len, stralloc *envelope)
{
	struct parameters_mail m;

	if (parameters_mail_read(&m, s, len, len % 2) != NULL)
		memset(&m, 0, sizeof m);
	if ((m.requires_tls && len % 2 == 0) || m.envid_len > PARAMETERS_ENVID_MAX ||
	    (m.body != NULL && strcmp(m.body, "7BIT") != 0 &&
		strcmp(m.body, "8BITMIME") != 0) ||
	    (m.ret != NULL && strcmp(m.ret, "FULL") != 0 && strcmp(m.ret, "HDRS") != 0))
		abort();
	envelope_write_begin(envelope, "a@b", &m);
}

static void
check_rcpt(const char *s, size_t len, stralloc *envelope)
{
	struct parameters_rcpt r;

	if (parameters_rcpt_read(&r, s, len, len % 2) != NULL)
		memset(&r, 0, sizeof r);
	if (r.orcpt_len > PARAMETERS_ORCPT_MAX ||
	    strlen(r.notify) > PARAMETERS_NOTIFY_MAX)
		abort();
	envelope_write_add(envelope, "c@d", &r);
	parameters_drop_success(&r);
	if (strstr(r.notify, "SUCCESS") != NULL ||
	    strlen(r.notify) > PARAMETERS_NOTIFY_MAX)
		abort();
}

static void
check_xtext(const char *s, size_t len)
{
	char *plain = malloc(len + 1);
	ssize_t n = xtext_decode(plain, s, len), m;
	stralloc coded = {0};

	if (n == -1 && xtext_is_printable(s, len))
		abort();
	if (n != -1) {
		xtext_cat(&coded, plain, n);
		m = xtext_decode(coded.s, coded.s, coded.len);
		if (m != n || (n && memcmp(coded.s, plain, n) != 0))
			abort();
	}
	stralloc_free(&coded);
	free(plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct envelope parsed = {0};
	stralloc envelope = {0};

	check_mail(s, len, &envelope);
	check_rcpt(s, len, &envelope);
	envelope_end(&envelope);
	if (envelope_parse(&parsed, envelope.s, envelope.len) != ENVELOPE_OK ||
	    parsed.count != 1 || strcmp(parsed.recipients[0].address, "c@d") != 0)
		abort();
	envelope_free(&parsed);
	stralloc_free(&envelope);
	check_xtext(s, len);
	return 0;
}
