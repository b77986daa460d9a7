#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/envelope.h"
#include "lib/text.h"
#include "receive/smtp_mail.h"
#include "receive/smtp_path.h"
#include "receive/smtp_reply.h"

#define POSTMASTER "postmaster"
#define POSTMASTER_LEN (sizeof POSTMASTER - 1)

/* What MAIL's parameters say. */
struct mail_parameters {
	int has_size;
	unsigned long long size; /* RFC 1870; 0: not told */
	const char *body;        /* RFC 6152; null: not told */
};

/*
 * The path after "FROM:" or "TO:", here called word.  Blanks after the colon are
 * forgiven, since many clients write one.  Returns the bytes up to the path's end; 0 with
 * *reply set when there is none.
 */
static size_t
find_path(const char *word, const char *s, size_t len, struct smtp_path *path,
    const char **reply, const char *malformed)
{
	size_t i, at = strlen(word), size;

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
	for (i = 0; i < size; i++)
		if ((unsigned char)s[at + i] >= 128) {
			*reply = REPLY_NOT_ASCII;
			return 0;
		}
	return at + size;
}

/* Returns null, or the reply that refuses the parameters. */
static const char *
read_parameters(struct mail_parameters *m, const char *s, size_t len)
{
	struct smtp_parameter p;
	size_t at = 0;
	int r;

	while ((r = smtp_parameter_next(s, len, &at, &p)) == 1) {
		if (smtp_parameter_is(&p, "SIZE")) {
			if (m->has_size || p.value_len > 20 ||
			    !text_number(p.value, p.value_len, -1ULL, &m->size))
				return REPLY_PARAMETER_SYNTAX;
			m->has_size = 1;
		} else if (smtp_parameter_is(&p, "BODY")) {
			if (m->body)
				return REPLY_PARAMETER_SYNTAX;
			if (p.value_len == 4 && !strncasecmp(p.value, "7BIT", 4))
				m->body = "7BIT";
			else if (p.value_len == 8 && !strncasecmp(p.value, "8BITMIME", 8))
				m->body = "8BITMIME";
			else
				return REPLY_PARAMETER_SYNTAX;
		} else {
			return REPLY_PARAMETER_UNKNOWN;
		}
	}
	return r == -1 ? REPLY_PARAMETER_SYNTAX : NULL;
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
	struct mail_parameters m = {0};
	struct smtp_path path;
	const char *reply = REPLY_MAIL_SYNTAX;
	size_t at;

	if (t->begun || !session->helo.len) {
		smtp_session_complain(
		    session, t->begun ? REPLY_NESTED_MAIL : REPLY_HELO_FIRST);
		return;
	}
	at = find_path("FROM:", s, len, &path, &reply, REPLY_BAD_SENDER);
	if (at)
		reply = path.kind == SMTP_PATH_LOCAL
			    ? REPLY_BAD_SENDER
			    : read_parameters(&m, s + at, len - at);
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
		reply = session->policies.reply.s;
	if (reply) {
		smtp_session_refuse(session, reply, "from", t->sender.s);
		smtp_session_reset(session);
		return;
	}
	envelope_begin(&t->envelope, t->sender.s);
	if (m.body)
		envelope_put_parameter(&t->envelope, "BODY", m.body);
	t->begun = 1;
	smtp_channel_say(&session->channel, REPLY_SENDER_OK, NULL);
}

/* Is path "postmaster", or "postmaster" at the very address that the client talks to? */
static int
is_our_postmaster(const struct smtp_path *path)
{
	const char *ip = getenv("TCPLOCALIP"), *s = path->address + POSTMASTER_LEN;
	size_t len;

	if (path->len < POSTMASTER_LEN ||
	    strncasecmp(path->address, POSTMASTER, POSTMASTER_LEN))
		return 0;
	if (path->len == POSTMASTER_LEN)
		return 1;
	len = path->len - POSTMASTER_LEN;
	if (!ip || len < 4 || strncmp(s, "@[", 2))
		return 0;
	s += 2;
	len -= 3;
	if (len > 5 && !strncasecmp(s, "IPv6:", 5)) {
		s += 5;
		len -= 5;
	}
	return len == strlen(ip) && !strncasecmp(s, ip, len);
}

/* The address that is to be stored.  Null, or the reply that refuses it. */
static const char *
choose_recipient(
    const struct smtp_session *session, const struct smtp_path *path, stralloc *address)
{
	stralloc domain = {0};
	int r;

	if (path->kind == SMTP_PATH_NULL)
		return REPLY_BAD_RECIPIENT;
	set_address(address, path->address, path->len);
	if (!is_our_postmaster(path))
		return path->kind == SMTP_PATH_LOCAL ? REPLY_NO_DOMAIN : NULL;
	r = control_line("defaultdomain", &domain, session->me.s);
	if (r == -1)
		carpsys("unable to read control/defaultdomain");
	address->len = POSTMASTER_LEN;
	text_cat(address, "@", domain.len ? domain.s : session->me.s, NULL);
	text_terminate(address);
	stralloc_free(&domain);
	return r == -1 ? REPLY_OUR_FAULT : NULL;
}

void
smtp_mail_recipient(struct smtp_session *session, const char *s, size_t len)
{
	struct smtp_transaction *t = &session->transaction;
	struct smtp_parameter p;
	struct smtp_path path;
	const char *reply = REPLY_RCPT_SYNTAX;
	size_t at, parameters = 0;
	int r = 0;

	if (!t->begun) {
		smtp_session_complain(
		    session, session->helo.len ? REPLY_MAIL_FIRST : REPLY_HELO_FIRST);
		return;
	}
	at = find_path("TO:", s, len, &path, &reply, REPLY_BAD_RECIPIENT);
	if (at) {
		r = smtp_parameter_next(s + at, len - at, &parameters, &p);
		reply = r == 1 ? REPLY_PARAMETER_UNKNOWN
			       : (r == -1 ? REPLY_PARAMETER_SYNTAX : NULL);
	}
	if (reply) {
		t->refused++;
		smtp_session_complain(session, reply);
		return;
	}
	reply = choose_recipient(session, &path, &t->recipient);
	if (!reply && t->recipients == SMTP_RECIPIENTS_MAX)
		reply = REPLY_TOO_MANY_RECIPIENTS;
	if (!reply &&
	    ask_policies(session, "rcpt ", t->recipient.s, s + at, len - at) != 'K')
		reply = session->policies.reply.s;
	if (reply) {
		t->refused++;
		smtp_session_refuse(session, reply, "rcpt", t->recipient.s);
		return;
	}
	envelope_put_recipient(&t->envelope, t->recipient.s);
	if (!t->recipients++)
		set_address(&t->first, t->recipient.s, t->recipient.len);
	smtp_channel_say(&session->channel, REPLY_RECIPIENT_OK, NULL);
}
