#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/deadline.h"
#include "lib/smtp_path.h"
#include "lib/starttls.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "smtp/auth.h"
#include "smtp/envelope_write.h"
#include "smtp/mail.h"
#include "smtp/oddity.h"
#include "smtp/parameters.h"
#include "smtp/rcpt_address.h"
#include "smtp/reply.h"

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

	if (len < at || strncasecmp(s, word, at) != 0)
		return 0;
	while (at < len && s[at] == ' ')
		at++;
	size = smtp_path_scan(s + at, len - at, path);
	if (!size) {
		if (at < len && s[at] == '<')
			*reply = malformed;
		return 0;
	}
	*reply = NULL;
	return at + size;
}

static void
note_oddities(struct session *session, const struct smtp_path *path)
{
	if (path->is_bare)
		oddity_note(session, ODDITY_BARE_PATH);
	if (path->is_dotted)
		oddity_note(session, ODDITY_DOTS);
	if (path->has_end_dot)
		oddity_note(session, ODDITY_END_DOT);
}

/* Can a message of that size be taken at all?  Null, or the reply that refuses it. */
static const char *
find_room(const struct session *session, unsigned long long size)
{
	unsigned long long space, reserve = session->queuereserve;
	struct statvfs fs;

	if (session->databytes && size > session->databytes)
		return REPLY_TOO_LARGE;
	if (statvfs("queue", &fs) == -1) {
		/* Without a queue here the sink keeps its messages elsewhere. */
		if (errno == ENOENT)
			return NULL;
		carpsys("unable to look at queue");
		return REPLY_OUR_FAULT;
	}
	space = (unsigned long long)fs.f_bavail * fs.f_frsize;
	return space >= reserve && space - reserve >= size ? NULL : REPLY_NO_SPACE;
}

/* "VERB ADDRESS PARAMETERS" to all policies; <> stands for the null sender. */
static char
ask_policies(struct session *session, const char *verb, const char *address,
    const char *parameters, size_t len)
{
	stralloc request = {0};
	char letter;

	if (!session->policies.count)
		return 'K';
	text_cat(&request, verb, *address ? address : "<>", (char *)NULL);
	text_catb(&request, parameters, len);
	letter = policies_ask(&session->policies, session->helo.s, &request);
	stralloc_free(&request);
	return letter;
}

/* What the policies say; to authenticate is no advice for who must begin TLS first. */
static const char *
reply_of_policies(const struct session *session)
{
	const char *reply = session->policies.reply.s;

	if (strncmp(reply, AUTH_REQUIRED, strlen(AUTH_REQUIRED)) == 0 &&
	    auth_needs_tls(session))
		return REPLY_TLS_FIRST;
	return reply;
}

/* What a client says that counts for less than it wants. */
static void
discount(struct session *session, struct parameters_mail *m)
{
	if (m->has_odd_auth)
		oddity_note(session, ODDITY_AUTH);
	/* Whom we don't know we don't believe, either: RFC 4954, 5. */
	if (m->auth != NULL && auth_user() == NULL) {
		m->auth = "<>";
		m->auth_len = 2;
	}
	/* The sender may be forged: what we send there is no more than it must be. */
	if (session->transaction.sender.len > 0 && !session_is_ours())
		m->ret = "HDRS";
}

void
mail_begin(struct session *session, const char *s, size_t len)
{
	struct session_transaction *t = &session->transaction;
	struct parameters_mail m;
	struct smtp_path path;
	const char *reply = REPLY_MAIL_SYNTAX;
	size_t at;

	if (t->begun || !session->helo.len) {
		session_complain(
		    session, t->begun ? REPLY_NESTED_MAIL : REPLY_HELO_FIRST);
		return;
	}
	if (starttls_required()) {
		session_complain(session, REPLY_TLS_FIRST);
		return;
	}
	at = find_path("FROM:", s, len, &path, &reply, REPLY_BAD_SENDER);
	if (at && path.kind == SMTP_PATH_LOCAL)
		reply = REPLY_BAD_SENDER;
	else if (at)
		reply = parameters_mail_read(&m, s + at, len - at, starttls_active());
	if (reply == NULL && !m.is_utf8 && !utf8_is_ascii(path.address, path.len))
		reply = REPLY_NOT_ASCII;
	if (reply != NULL) {
		session_complain(session, reply);
		return;
	}
	t->mailed = deadline_now();
	note_oddities(session, &path);
	text_setb(&t->sender, path.address, path.len);
	if (queueid_make(t->id) == -1) {
		carpsys("unable to make a message ID");
		reply = REPLY_OUR_FAULT;
	} else {
		reply = find_room(session, m.size);
	}
	session->policies.id = t->id;
	if (reply == NULL &&
	    ask_policies(session, "mail ", t->sender.s, s + at, len - at) != 'K')
		reply = reply_of_policies(session);
	if (reply != NULL) {
		session_refuse(session, reply, "from", t->sender.s);
		session_reset(session);
		return;
	}
	discount(session, &m);
	envelope_write_begin(&t->envelope, t->sender.s, &m);
	t->is_utf8 = m.is_utf8;
	t->size = m.size;
	t->begun = 1;
	wire_settle(&session->channel);
	wire_say(&session->channel, REPLY_SENDER_OK, (char *)NULL);
}

/* Is it time for RCPT?  Null, or the reply that says why not. */
static const char *
find_obstacle(const struct session *session)
{
	const struct session_transaction *t = &session->transaction;

	if (!t->begun)
		return session->helo.len ? REPLY_MAIL_FIRST : REPLY_HELO_FIRST;
	return t->chunks == SESSION_CHUNKS_NONE ? NULL : REPLY_CHUNKS_BEGUN;
}

void
mail_recipient(struct session *session, const char *s, size_t len)
{
	struct session_transaction *t = &session->transaction;
	const char *reply = find_obstacle(session);
	struct parameters_rcpt parameters;
	struct smtp_path path;
	size_t at;

	if (reply != NULL) {
		session_complain(session, reply);
		return;
	}
	reply = REPLY_RCPT_SYNTAX;
	at = find_path("TO:", s, len, &path, &reply, REPLY_BAD_RECIPIENT);
	if (at)
		reply = parameters_rcpt_read(&parameters, s + at, len - at, t->is_utf8);
	if (reply == NULL && !t->is_utf8 && !utf8_is_ascii(path.address, path.len))
		reply = REPLY_NOT_ASCII;
	if (reply != NULL) {
		t->refused++;
		session_complain(session, reply);
		return;
	}
	note_oddities(session, &path);
	reply = rcpt_address_choose(&t->recipient, &path, session->me.s);
	if (reply == NULL && t->recipients == SESSION_RECIPIENTS_MAX) {
		t->refused++;
		session_overshoot(session, REPLY_TOO_MANY_RECIPIENTS);
		return;
	}
	if (reply == NULL &&
	    ask_policies(session, "rcpt ", t->recipient.s, s + at, len - at) != 'K')
		reply = reply_of_policies(session);
	if (reply != NULL) {
		t->refused++;
		t->failed += *reply == '5';
		session_refuse(session, reply, "rcpt", t->recipient.s);
		return;
	}
	if (!session_is_ours())
		parameters_drop_success(&parameters);
	envelope_write_add(&t->envelope, t->recipient.s, &parameters);
	if (!t->recipients++)
		text_setb(&t->first, t->recipient.s, t->recipient.len);
	wire_say(&session->channel, REPLY_RECIPIENT_OK, (char *)NULL);
}
