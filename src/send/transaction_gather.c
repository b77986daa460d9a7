#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/text.h"
#include "send/transaction_gather.h"

/* Has the session seen this recipient's domain, or may it see one more?  RFC 9422, 4.3.
 */
static int
takes_domain(struct remote_session *s, const char *address)
{
	size_t domain = address_domain(address, strlen(address)), i;
	const char *name = domain > 0 ? address + domain : "";

	if (s->domains_max == 0)
		return 1;
	for (i = 0; i < s->domains.len; i += strlen(s->domains.s + i) + 1)
		if (strcasecmp(s->domains.s + i, name) == 0)
			return 1;
	if (s->domains_n == s->domains_max)
		return 0;
	text_catb(&s->domains, name, strlen(name) + 1);
	s->domains_n++;
	return 1;
}

static size_t
most_recipients(const struct transaction *t)
{
	size_t max = t->mail->recipients_max > 0 ? t->mail->recipients_max
						 : TRANSACTION_RECIPIENTS;

	if (t->session->recipients_max > 0 && t->session->recipients_max < max)
		max = t->session->recipients_max;
	return max < t->mail->count ? max : t->mail->count;
}

int
transaction_gather(struct transaction *t)
{
	struct transaction_recipient *r;
	size_t max = most_recipients(t), i;
	int passed = 0;

	t->n = t->taken = 0;
	for (i = 0; i < t->mail->count && t->n < max; i++) {
		r = &t->mail->recipients[i];
		if (r->outcome.letter)
			continue;
		if (takes_domain(t->session, r->address)) {
			r->taken = 0;
			t->recipients[t->n++] = r;
		} else {
			passed = 1;
		}
	}
	return t->n > 0 ? 1 : -passed;
}
