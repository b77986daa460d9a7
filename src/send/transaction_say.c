#include "send/transaction_say.h"
#include "lib/idn.h"
#include "lib/text.h"

/*
 * Add the address in brackets: as it is to a server that takes UTF-8, else with its
 * domain in ASCII, which transaction_fit has made sure of.
 */
static void
put_path(const struct transaction *t, stralloc *sa, const char *verb, const char *address)
{
	text_cat(sa, verb, "<", (char *)NULL);
	if (t->session->has_smtputf8)
		text_cat(sa, address, (char *)NULL);
	else
		idn_put_address(sa, address);
	text_cat(sa, ">", (char *)NULL);
}

/* Add KEYWORD=value, unless there is none. */
static void
put_parameter(stralloc *sa, const char *keyword, const char *value)
{
	if (value != NULL)
		text_cat(sa, " ", keyword, "=", value, (char *)NULL);
}

static void
say(const struct transaction *t, stralloc *command)
{
	text_terminate(command);
	remote_session_say(t->session, command->s, (char *)NULL);
	stralloc_free(command);
}

void
transaction_say_mail(struct transaction *t)
{
	const struct remote_session *s = t->session;
	const struct transaction_mail *mail = t->mail;
	const struct mail_source *source = mail->form;
	stralloc command = {0};
	char n[DECIMAL_MAX];

	put_path(t, &command, "MAIL FROM:", mail->sender);
	if (s->has_size)
		put_parameter(&command, "SIZE", text_decimal(n, source->octets));
	if (s->has_8bitmime && (mail->is_8bitmime || source->has_eight_bit))
		put_parameter(&command, "BODY", "8BITMIME");
	if (s->has_smtputf8 && mail->is_smtputf8)
		text_cat(&command, " SMTPUTF8", (char *)NULL);
	/* nobody listens between us and a program of this machine */
	if ((mail->requires_tls && !s->is_local) ||
	    (mail->wishes_tls && s->tls.is_on && s->has_requiretls))
		text_cat(&command, " REQUIRETLS", (char *)NULL);
	if (s->has_dsn) {
		put_parameter(&command, "RET", mail->ret);
		put_parameter(&command, "ENVID", mail->envid);
	}
	say(t, &command);
}

void
transaction_say_recipient(struct transaction *t, const struct transaction_recipient *r)
{
	stralloc command = {0};

	put_path(t, &command, "RCPT TO:", r->address);
	if (t->session->has_dsn) {
		put_parameter(&command, "NOTIFY", r->notify);
		put_parameter(&command, "ORCPT", r->orcpt);
	}
	say(t, &command);
}
