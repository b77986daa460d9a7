#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/tls_ask.h"
#include "send/remote_tls.h"

#define STATUS_OURS "4.3.0" /* something of ours is not as it should be */
#define STATUS_FAILED "4.7.5"
#define WORD_OURS "validation-failure"
#define EARLY_MAX 4096 /* a piece of what the server sent too early */
#define EARLY_PIECES 16

/* How the server is to be judged, in tls-wrap's words. */
static const char *
judgement(const struct way_security *security, int is_trial)
{
	switch (security->level) {
	case WAY_SECURITY_VERIFY:
		return "pkix";
	case WAY_SECURITY_DANE:
		return security->is_unusable ? "none" : "dane";
	case WAY_SECURITY_FINGERPRINT:
		return "fingerprint";
	default:
		return is_trial ? "pkix" : "none";
	}
}

/* Put a record for each of the strings in list, each ended by \0. */
static void
put_list(stralloc *request, const char *name, const stralloc *list)
{
	const char *s;

	for (s = list->s; s != NULL && s < list->s + list->len; s += strlen(s) + 1)
		tls_ask_put(request, name, s);
}

static void
put_request(stralloc *request, const struct remote_session *s,
    const struct way_security *security, const char *how, unsigned seconds)
{
	char decimal[DECIMAL_MAX];
	unsigned char ip[16];

	tls_ask_put(request, "side=", "client");
	tls_ask_put(request, "timeout=", text_decimal(decimal, seconds));
	tls_ask_put(request, "session=", s->peer);
	tls_ask_put(request, "verify=", how);
	if (!ipaddress_scan(s->host, ip))
		tls_ask_put(request, "servername=",
		    security->level == WAY_SECURITY_DANE && security->names.len > 0
			? security->names.s /* RFC 7672, 8.1 */
			: s->host);
	if (security->min_version > 0)
		tls_ask_put(request, "min=", security->min_version >= 13 ? "1.3" : "1.2");
	if (strcmp(how, "pkix") == 0 || strcmp(how, "dane") == 0)
		put_list(request, "match=", &security->names);
	if (strcmp(how, "dane") == 0)
		put_list(request, "tlsa=", &security->tlsa);
	if (strcmp(how, "fingerprint") == 0)
		put_list(request, "fingerprint=", &security->fingerprints);
}

void
remote_tls_fail(struct remote_session *s, const struct way_security *security,
    const char *status, const char *word, const char *text, struct outcome *fault)
{
	int is_asked = security->level > WAY_SECURITY_MAY;

	text_copy(s->tls.result, sizeof s->tls.result, word, strlen(word));
	outcome_set(fault, 'Z', status, s->peer, ": no TLS", is_asked ? " as " : "",
	    is_asked ? security->why.s : "", is_asked ? " wants it: " : ": ", word,
	    *word != '\0' ? ": " : "", text, (char *)NULL);
}

/* The reason of tls-wrap, "STATUS WORD: TEXT"; or else it speaks of itself. */
static void
take_reason(struct remote_session *s, const struct way_security *security,
    const char *reason, struct outcome *fault)
{
	char status[OUTCOME_STATUS_MAX], word[sizeof s->tls.result];
	size_t n = strcspn(reason, " ");
	const char *colon = strchr(reason, ':');

	if (strncmp(reason, "4.7.", 4) == 0 && colon != NULL && reason + n < colon &&
	    text_copy(status, sizeof status, reason, n) &&
	    text_copy(
		word, sizeof word, reason + n + 1, (size_t)(colon - reason) - n - 1)) {
		colon += colon[1] == ' ';
		remote_tls_fail(s, security, status, word, colon + 1, fault);
	} else {
		remote_tls_fail(s, security, STATUS_OURS, "", reason, fault);
		strcpy(s->tls.result, WORD_OURS);
	}
}

/* Does the answer fulfil what was asked? */
static int
is_as_asked(
    const struct tls_use *use, const struct way_security *security, const char *how)
{
	if (strcmp(use->verified, how) != 0 || strncmp(use->version, "TLSv1.", 6) != 0)
		return 0;
	return security->min_version < 13 || strcmp(use->version, "TLSv1.3") >= 0;
}

/* What the server said in clear text must not be taken for something said under TLS. */
static void
discard_early(struct transport *t)
{
	char early[EARLY_MAX];
	int pieces;

	/* of who does not stop the rest spoils the handshake, which has a deadline */
	for (pieces = 0; pieces < EARLY_PIECES; pieces++)
		if (recv(t->fd, early, sizeof(early), MSG_DONTWAIT) <= 0)
			break;
	t->len = 0;
}

/* The clear text takes the place of the connection. */
static int
replace(struct transport *t, int sock)
{
	int flags = fcntl(sock, F_GETFL);

	if (flags == -1 || fcntl(sock, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	close(t->fd);
	t->fd = sock;
	t->len = 0;
	t->ended = 0;
	return 0;
}

static void
show(const struct remote_session *s, const struct way_security *security)
{
	char text[TLS_USE_TEXT_MAX];
	stralloc line = {0};

	if (!s->verbose)
		return;
	tls_use_text(&s->tls, text);
	text_cat(&line, text, s->tls.is_resumed ? " resumed" : "",
	    s->tls.names[0] != '\0' ? " names=" : "", s->tls.names,
	    " wanted: ", way_security_word(security->level), ", ", security->why.s,
	    (char *)NULL);
	remote_session_show(s, "=", line.s, line.len);
	stralloc_free(&line);
}

int
remote_tls_ready(struct remote_session *s, const struct way_security *security)
{
	/* the session before goes through the same process */
	remote_session_part(s);
	return wrap_process_ready(&s->wrap, security->has_password);
}

int
remote_tls_begin(struct remote_session *s, const struct way_security *security,
    int is_trial, struct outcome *fault)
{
	const char *how = judgement(security, is_trial);
	unsigned seconds = remote_session_limit(s, REMOTE_TLS_SECONDS);
	stralloc request = {0}, answer = {0};
	int clear = -1, is_begun = 0;
	char letter;

	if (strcmp(how, "dane") == 0 && security->tlsa.len == 0) {
		remote_tls_fail(s, security, STATUS_FAILED, "dane-required",
		    "there is no TLSA record that is secure and of use", fault);
		remote_session_close(s);
		return -1;
	}
	discard_early(&s->transport);
	put_request(&request, s, security, how, seconds);
	letter = wrap_process_ask(
	    &s->wrap, s->transport.fd, &request, seconds, &answer, &clear);
	if (letter != 'K')
		take_reason(s, security, answer.s, fault);
	else if (!tls_use_learn(&s->tls, answer.s, answer.len) ||
		 !is_as_asked(&s->tls, security, how))
		take_reason(s, security, "senseless answer from " TLS_ASK_SOCKET, fault);
	else if (replace(&s->transport, clear) == -1)
		take_reason(s, security, "unable to use the clear text", fault);
	else
		is_begun = 1;
	stralloc_free(&request);
	stralloc_free(&answer);
	if (is_begun) {
		s->tls.result[0] = '\0';
		show(s, security);
		return 0;
	}
	if (clear != -1)
		close(clear);
	remote_session_close(s);
	return -1;
}
