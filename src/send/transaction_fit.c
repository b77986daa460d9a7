#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/idn.h"
#include "lib/log.h"
#include "lib/text.h"
#include "send/mail_encode.h"
#include "send/transaction_fit.h"

static void
settle_all(struct transaction_mail *mail, const struct outcome *o)
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

/*
 * Choose the form in which the server gets the message, and make it if need be.  A server
 * with SMTPUTF8 takes 8-bit text, too: RFC 6531, 3.1 (8).  What the envelope says of
 * 8-bit text does not count, what is there does.
 */
static void
choose_form(
    const struct remote_session *s, struct transaction_mail *mail, struct outcome *o)
{
	int keeps_eight_bit = s->has_8bitmime || s->has_smtputf8;

	mail->form = &mail->source;
	if ((keeps_eight_bit || !mail->source.has_eight_bit) &&
	    !mail->source.has_long_line)
		return;
	if (!mail->is_converted || (mail->keeps_eight_bit && !keeps_eight_bit)) {
		transaction_fit_end(mail);
		if (mail_encode(&mail->converted, &mail->source, keeps_eight_bit, o) ==
		    -1)
			return;
		mail->is_converted = 1;
		mail->keeps_eight_bit = keeps_eight_bit;
		log_event(s->id, "converted", "host", s->host, (char *)NULL);
	}
	mail->form = &mail->converted;
}

static int
is_verified(const struct tls_use *tls)
{
	return tls->is_on && tls->verified[0] != '\0' &&
	       strcmp(tls->verified, "none") != 0;
}

/* What the server does not take for any of the recipients: o is set. */
static void
fit_message(
    const struct remote_session *s, struct transaction_mail *mail, struct outcome *o)
{
	if (mail_source_measure(&mail->source) == -1)
		outcome_set(o, 'Z', "4.3.0",
		    "unable to read the message: ", strerror(errno), (char *)NULL);
	else if (mail->requires_tls && !s->is_local &&
		 (!is_verified(&s->tls) || !s->has_requiretls))
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

static void
fit_size(const struct remote_session *s, const struct transaction_mail *mail,
    struct outcome *o)
{
	char has[DECIMAL_MAX], takes[DECIMAL_MAX];

	if (s->size_max > 0 && mail->form->octets > s->size_max)
		outcome_set(o, 'D', "5.3.4", "the message has ",
		    text_decimal(has, mail->form->octets), " bytes, ", s->peer,
		    " takes no more than ", text_decimal(takes, s->size_max),
		    (char *)NULL);
}

void
transaction_fit_end(struct transaction_mail *mail)
{
	if (mail->is_converted)
		close(mail->converted.fd);
	mail->is_converted = 0;
}

void
transaction_fit(const struct remote_session *s, struct transaction_mail *mail)
{
	struct outcome o = {0};
	size_t i;

	fit_message(s, mail, &o);
	if (!o.letter)
		choose_form(s, mail, &o);
	if (!o.letter)
		fit_size(s, mail, &o);
	if (o.letter)
		settle_all(mail, &o);
	outcome_free(&o);
	for (i = 0; i < mail->count && !s->has_smtputf8; i++)
		if (!mail->recipients[i].outcome.letter &&
		    !has_ascii_form(mail->recipients[i].address))
			refuse_for_utf8(
			    s, &mail->recipients[i].outcome, "the recipient's address");
}
