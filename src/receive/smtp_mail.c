#include <errno.h>
#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "receive/smtp_auth.h"
#include "receive/smtp_envelope.h"
#include "receive/smtp_mail.h"
#include "receive/smtp_parameters.h"
#include "receive/smtp_path.h"
#include "receive/smtp_recipient.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_tls.h"

#define AUTH_REQUIRED "530 5.7.0 " /* RFC 4954, 6 */

/*
 * The path after "FROM:" or "TO:", here called word.  Blanks after the colon are
 * forgiven, since many clients write one.  Returns the bytes up to the path's end; 0 with
 * *reply left or set when there is none.
 */
static size_t
find_path(const char *word, const char *s, size_t len, struct smtp_path *path,
    const char **reply, const char *malformed)
{
	size_t at = strlen(word), size;

	if (len < at || strncasecmp(s, word, at))
		return 0;
	while (at < len && s[at] == ' ')
		at++;
	if (at == len || s[at] != '<')
		return 0;
	size = smtp_path_scan(s + at, len - at, path);
	if (!size) {
		*reply = malformed;
		return 0;
	}
	*reply = NULL;
	return at + size;
}

/* Can a message of that size be taken at all?  Null, or the reply that refuses it. */
static const char *
find_room(const struct smtp_session *session, unsigned long long size)
{
	if (session->databytes && size > session->databytes)
		return REPLY_TOO_LARGE;
	switch (smtp_session_room(session, size)) {
	case 1:
		return NULL;
	case 0:
		return REPLY_NO_SPACE;
	}
	return REPLY_OUR_FAULT;
}

/* "VERB ADDRESS PARAMETERS" to all policies; <> stands for the null sender. */
static char
ask_policies(struct smtp_session *session, const char *verb, const char *address,
    const char *parameters, size_t len)
{
	stralloc request = {0};
	char letter;

	if (!session->policies.count)
		return 'K';
	text_cat(&request, verb, *address ? address : "<>", NULL);
	text_catb(&request, parameters, len);
	letter = smtp_policies_ask(&session->policies, session->helo.s, &request);
	stralloc_free(&request);
	return letter;
}

/* What the policies say; to authenticate is no advice for who must begin TLS first. */
static const char *
reply_of_policies(const struct smtp_session *session)
{
	const char *reply = session->policies.reply.s;

	if (!strncmp(reply, AUTH_REQUIRED, strlen(AUTH_REQUIRED)) &&
	    smtp_auth_needs_tls(session))
		return REPLY_TLS_FIRST;
	return reply;
}

static void
set_address(stralloc *sa, const char *s, size_t len)
{
	sa->len = 0;
	text_catb(sa, s, len);
	text_terminate(sa);
}

void
smtp_mail_begin(struct smtp_session *session, const char *s, size_t len)
{
	struct smtp_transaction *t = &session->transaction;
	struct smtp_mail_parameters m;
	struct smtp_path path;
	const char *reply = REPLY_MAIL_SYNTAX;
	size_t at;

	if (t->begun || !session->helo.len) {
		smtp_session_complain(
		    session, t->begun ? REPLY_NESTED_MAIL : REPLY_HELO_FIRST);
		return;
	}
	if (smtp_tls_wanted()) {
		smtp_session_complain(session, REPLY_TLS_FIRST);
		return;
	}
	at = find_path("FROM:", s, len, &path, &reply, REPLY_BAD_SENDER);
	if (at && path.kind == SMTP_PATH_LOCAL)
		reply = REPLY_BAD_SENDER;
	else if (at)
		reply = smtp_mail_parameters_read(
		    &m, s + at, len - at, smtp_session_is_encrypted());
	if (!reply && !m.is_utf8 && !utf8_is_ascii(path.address, path.len))
		reply = REPLY_NOT_ASCII;
	if (reply) {
		smtp_session_complain(session, reply);
		return;
	}
	set_address(&t->sender, path.address, path.len);
	if (queueid_make(t->id) == -1) {
		carpsys("unable to make a message ID");
		reply = REPLY_OUR_FAULT;
	} else {
		reply = find_room(session, m.size);
	}
	session->policies.id = t->id;
	if (!reply &&
	    ask_policies(session, "mail ", t->sender.s, s + at, len - at) != 'K')
		reply = reply_of_policies(session);
	if (reply) {
		smtp_session_refuse(session, reply, "from", t->sender.s);
		smtp_session_reset(session);
		return;
	}
	/* Whom we don't know we don't believe, either: RFC 4954, 5. */
	if (m.auth && !smtp_auth_user()) {
		m.auth = "<>";
		m.auth_len = 2;
	}
	smtp_envelope_begin(&t->envelope, t->sender.s, &m);
	t->is_utf8 = m.is_utf8;
	t->begun = 1;
	smtp_channel_say(&session->channel, REPLY_SENDER_OK, NULL);
}

/* Is it time for RCPT?  Null, or the reply that says why not. */
static const char *
find_obstacle(const struct smtp_session *session)
{
	const struct smtp_transaction *t = &session->transaction;

	if (!t->begun)
		return session->helo.len ? REPLY_MAIL_FIRST : REPLY_HELO_FIRST;
	return t->chunks == SMTP_CHUNKS_NONE ? NULL : REPLY_CHUNKS_BEGUN;
}

void
smtp_mail_recipient(struct smtp_session *session, const char *s, size_t len)
{
	struct smtp_transaction *t = &session->transaction;
	const char *reply = find_obstacle(session);
	struct smtp_rcpt_parameters parameters;
	struct smtp_path path;
	size_t at;

	if (reply) {
		smtp_session_complain(session, reply);
		return;
	}
	reply = REPLY_RCPT_SYNTAX;
	at = find_path("TO:", s, len, &path, &reply, REPLY_BAD_RECIPIENT);
	if (at)
		reply =
		    smtp_rcpt_parameters_read(&parameters, s + at, len - at, t->is_utf8);
	if (!reply && !t->is_utf8 && !utf8_is_ascii(path.address, path.len))
		reply = REPLY_NOT_ASCII;
	if (reply) {
		t->refused++;
		smtp_session_complain(session, reply);
		return;
	}
	reply = smtp_recipient_choose(&t->recipient, &path, session->me.s);
	if (!reply && t->recipients == SMTP_RECIPIENTS_MAX) {
		t->refused++;
		smtp_session_overshoot(session, REPLY_TOO_MANY_RECIPIENTS);
		return;
	}
	if (!reply &&
	    ask_policies(session, "rcpt ", t->recipient.s, s + at, len - at) != 'K')
		reply = reply_of_policies(session);
	if (reply) {
		t->refused++;
		t->failed += *reply == '5';
		smtp_session_refuse(session, reply, "rcpt", t->recipient.s);
		return;
	}
	smtp_envelope_add(&t->envelope, t->recipient.s, &parameters);
	if (!t->recipients++)
		set_address(&t->first, t->recipient.s, t->recipient.len);
	smtp_channel_say(&session->channel, REPLY_RECIPIENT_OK, NULL);
}
