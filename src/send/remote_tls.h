#ifndef SEND_REMOTE_TLS_H
#define SEND_REMOTE_TLS_H

/* TLS put under a session, by tls-wrap. */

#include "send/remote_session.h"
#include "way/way_security.h"

#define REMOTE_TLS_SECONDS 300 /* for a handshake: as for a command */

/* Get ready for remote_tls_begin: 0, or -1, there is no tls-wrap. */
int remote_tls_ready(struct remote_session *s, const struct way_security *security);

/*
 * Put TLS under the session, for which all is ready, as security wants it;
 * with is_trial the certificate must be an authority's for one of its names, though
 * nothing asks for that yet (RFC 8461, 5: "testing").  What has been read is thrown away.
 * Returns 0, and s->tls says what there is; or -1 with fault and the session closed,
 * s->tls.result being a word for why.
 */
int remote_tls_begin(struct remote_session *s, const struct way_security *security,
    int is_trial, struct outcome *fault);

/*
 * Set fault to: no TLS as security wants it, for the reason that the word, or "", and the
 * text say.
 */
void remote_tls_fail(struct remote_session *s, const struct way_security *security,
    const char *status, const char *word, const char *text, struct outcome *fault);

#endif
