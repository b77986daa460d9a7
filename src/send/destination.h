#ifndef SEND_DESTINATION_H
#define SEND_DESTINATION_H

#include "lib/mx_list.h"
#include "lib/resolver.h"
#include "lib/smtproutes.h"
#include "send/outcome.h"
#include "send/send_settings.h"

#define DESTINATION_KEY_MAX 280
#define DESTINATION_TARGETS (MX_LIST_MAX + RESOLVER_ADDRESSES)

/* One address of one host. */
struct target {
	char host[MX_NAME_MAX + 1];
	unsigned char ip[16];
};

/* Where mail for a domain goes: the hosts that may take it, found step by step. */
struct destination {
	char key[DESTINATION_KEY_MAX]; /* equal keys: the same servers */
	unsigned port;

	/* the rest is its own business */
	const struct send_settings *settings;
	char domain[MX_NAME_MAX + 1];
	struct smtproute route; /* to use when the host in it is not empty */
	int is_literal;         /* the domain was an address, which route now holds */
	struct resolver resolver;
	struct mx_list mx;
	size_t next_mx;
	int looked_up;
	struct target targets[DESTINATION_TARGETS];
	size_t next_target;
	size_t targets_n;
};

/*
 * Find out where mail for the domain goes, without asking the DNS: control/smtproutes
 * decides, or else its MX.  target is null, or HOST:PORT instead of both.  Returns 0, or
 * -1 with fault.
 */
int destination_begin(struct destination *d, const struct send_settings *settings,
    const char *domain, const char *target, struct outcome *fault);

/*
 * The next address to try, the best first; null when there is none, or no more.  What
 * went wrong on the way is merged into fault.
 */
const struct target *destination_next(struct destination *d, struct outcome *fault);

void destination_end(struct destination *d);

#endif
