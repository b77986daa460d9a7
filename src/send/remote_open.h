#ifndef SEND_REMOTE_OPEN_H
#define SEND_REMOTE_OPEN_H

/* A session opened with a host: connected, protected, known by a password. */

#include "send/reach.h"

/*
 * Open the session s, which is closed, with the host, under TLS as it is wanted there,
 * for which a second connection may be needed.  again and most are those of
 * reach_connect. Returns 0; or -1, merging fault.
 */
int remote_open(struct remote_session *s, struct reach *reach, struct reach_host *host,
    const struct way_settings *settings, int again, unsigned most, struct outcome *fault);

#endif
