#include <errno.h>
#include <string.h>

#include "lib/idn.h"
#include "lib/text.h"
#include "send/transaction_fit.h"

static void
settle_all(struct mail *mail, const struct outcome *o)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter)
			outcome_copy(&mail->recipients[i].outcome, o);
}

static void
refuse_for_utf8(const struct remote_session *s, struct outcome *o, const char *what)
{
	outcome_set(o, 'D', "5.6.7", s->peer, " does not offer SMTPUTF8, which ", what,
	    " needs", (char *)NULL);
}

static int
has_ascii_form(const char *address)
{
	stralloc form = {0};
	int r = idn_put_address(&form, address);

	stralloc_free(&form);
	return r == 0;
}

/* What the server does not take for any of the recipients: o is set. */
static void
fit_message(const struct remote_session *s, struct mail *mail, struct outcome *o)
{
	char has[DECIMAL_MAX], takes[DECIMAL_MAX];

	if ((s->has_size || s->has_8bitmime || mail->is_smtputf8) &&
	    mail_source_measure(&mail->source) == -1)
		outcome_set(o, 'Z', "4.3.0",
		    "unable to read the message: ", strerror(errno), (char *)NULL);
	else if (s->size_max > 0 && mail->source.octets > s->size_max)
		outcome_set(o, 'D', "5.3.4", "the message has ",
		    text_decimal(has, mail->source.octets), " bytes, ", s->peer,
		    " takes no more than ", text_decimal(takes, s->size_max),
		    (char *)NULL);
	else if (mail->requires_tls && (!s->is_encrypted || !s->has_requiretls))
		outcome_set(o, 'D', "5.7.30", s->peer,
		    " does not offer REQUIRETLS, which the sender wants",
		    (char *)NULL); /* RFC 8689, 4.2.1 */
	else if (s->has_smtputf8)
		return;
	else if (mail->is_smtputf8 && mail->source.has_eight_bit_header)
		refuse_for_utf8(s, o, "the message's header");
	else if (!has_ascii_form(mail->sender))
		refuse_for_utf8(s, o, "the sender's address");
}

void
transaction_fit(const struct remote_session *s, struct mail *mail)
{
	struct outcome o = {0};
	size_t i;

	fit_message(s, mail, &o);
	if (o.letter)
		settle_all(mail, &o);
	stralloc_free(&o.text);
	for (i = 0; i < mail->count && !s->has_smtputf8; i++)
		if (!mail->recipients[i].outcome.letter &&
		    !has_ascii_form(mail->recipients[i].address))
			refuse_for_utf8(
			    s, &mail->recipients[i].outcome, "the recipient's address");
}
