#ifndef WAY_STS_CLIENT_H
#define WAY_STS_CLIENT_H

/* What MTA-STS says of a host: RFC 8461. */

#include "way/way_security.h"

#define STS_CLIENT_SOCKET "run/sts.sock"
#define STS_CLIENT_SECONDS 35 /* somewhat longer than sts-fetch takes for a policy */

/*
 * Put into s what the policy of the domain asks for.  In mode enforce that is level
 * VERIFY for the host's name, in mode testing the name only.  Returns 1; 0 when there is
 * no policy; -1 with fault when the policy has no such host, and is enforced, or when
 * nobody can say whether there is one.
 */
int sts_client_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault);

/*
 * Another attempt begins: the policy is asked for anew, once for all hosts of the domain.
 */
void sts_client_forget(void);

#endif
