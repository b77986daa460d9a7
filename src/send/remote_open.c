#include <string.h>

#include "lib/log.h"
#include "send/remote_login.h"
#include "send/remote_open.h"
#include "send/remote_secure.h"
#include "way/tls_result.h"

/* Say who we are, where the admin named the server and wrote a password for it. */
static int
log_in(struct remote_session *s, const struct target *target, struct outcome *fault)
{
	struct remote_login login = {.port = target->port,
	    .is_encrypted = s->tls.is_on,
	    .is_verified = s->tls.is_on && strcmp(s->tls.verified, "none") != 0,
	    .binding = s->tls.exporter[0] != '\0' ? s->tls.exporter : NULL};

	return target->is_route ? remote_login(s, &login, fault) : 0;
}

/* Where a trial, or TLS at all, has failed, that is what came of it: word. */
static void
note(const struct remote_session *s, const struct way_security *security,
    const struct way_settings *settings, const char *own_ip, const char *word,
    const struct outcome *fault)
{
	struct tls_result result = {.security = security,
	    .host = s->host,
	    .ip = s->ip,
	    .own_ip = own_ip,
	    .result = word,
	    .text = fault->text.len > 0 ? fault->text.s : ""};

	if (s->is_noted && security != NULL && (s->tls.is_on || word[0] != '\0'))
		tls_result_note(settings, &result);
}

int
remote_open(struct remote_session *s, struct reach *reach, struct reach_host *host,
    const struct way_settings *settings, int again, unsigned most, struct outcome *fault)
{
	const struct target *target = host->target;
	struct remote_secure how = {
	    .security = target->n > 0 ? target->security : NULL, /* a socket of ours */
	    .is_smtps = target->kind == TARGET_SMTPS};
	char result[sizeof(s->tls.result)] = "";
	struct outcome o = {0};
	char own_ip[IPADDRESS_TEXT_MAX] = "";
	unsigned char own[16];
	int has_own, r;

	s->tls.result[0] = '\0';
	do {
		if (reach_connect(reach, host, s, again, most, fault) == -1) {
			if (result[0] != '\0') /* of the attempt before this one */
				note(s, how.security, settings, own_ip, result, &o);
			outcome_free(&o);
			return -1;
		}
		outcome_free(&o);
		s->is_lmtp = target->kind == TARGET_LMTP;
		s->is_local = target->port == 0;
		log_event(s->id, "connect", "host", s->host, "ip", s->ip, (char *)NULL);
		has_own = reach_own_address(s, own); /* before TLS is put under it */
		if (has_own)
			ipaddress_text(own_ip, own);
		how.helo = way_settings_helo(settings, has_own ? own : NULL);
		r = remote_secure_begin(s, &how, &o);
		again = most = 1;
		if (result[0] == '\0')
			strcpy(result, s->tls.result); /* it came first, so it counts */
	} while (r == REMOTE_SECURE_AGAIN);
	note(s, how.security, settings, own_ip, result, &o);
	if (r == 0)
		r = log_in(s, target, &o);
	if (r == -1) {
		remote_session_quit(s);
		outcome_merge(fault, &o);
	}
	outcome_free(&o);
	return r;
}
