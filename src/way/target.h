#ifndef WAY_TARGET_H
#define WAY_TARGET_H

/* The hosts and addresses that mail for a domain may go to, found step by step. */

#include <stdint.h>

#include "lib/bind_address.h"
#include "lib/mx_list.h"
#include "lib/next_hop.h"
#include "lib/outcome.h"
#include "lib/resolver.h"
#include "lib/routes.h"
#include "way/way_security.h"
#include "way/way_settings.h"

enum target_kind {
	TARGET_SMTP,
	TARGET_SMTPS, /* TLS from the first byte */
	TARGET_LMTP,
};

/* One host with its addresses. */
struct target {
	char host[MX_NAME_MAX + 1]; /* its name, or an address; the path of a socket */
	size_t n;                   /* addresses; 0: host is the path of a socket */
	unsigned char ip[RESOLVER_ADDRESSES][16]; /* in the order in which to try them */
	unsigned port;
	unsigned preference; /* of its MX record, if has_preference */
	int has_preference;
	enum target_kind kind;
	int is_mx;     /* found by MX records, or by the domain in their place */
	int is_route;  /* the admin named the host, or the domain whose MX it is */
	int is_secure; /* found by signed records only */
	const struct way_security *security; /* what TLS is wanted there */
};

/* What mail a way is sought for. */
struct target_request {
	const char *domain;  /* of the recipients */
	const char *sender;  /* "": a report */
	const char *target;  /* a next hop in place of routes and MX; or null */
	int requires_tls;    /* REQUIRETLS (RFC 8689) */
	int is_noted;        /* what comes of TLS is for the reports: tls_result_note */
	int is_tls_optional; /* the message says "TLS-Required: no" (RFC 8689) */
	int wants_all;       /* hosts, too, to which no mail may go now */
	int64_t until; /* deadline_now() after which no more are sought; 0: no bound */
};

/* Where mail for a domain goes: the hosts that may take it, found step by step. */
struct destination {
	stralloc key; /* a C string; equal keys: the same servers, in the same way */
	struct routes_line route;   /* that counts, if its line is not null */
	struct bind_address source; /* whence the connections are to come */

	/* the rest is its own business */
	const struct way_settings *settings;
	struct target_request request;
	char domain[MX_NAME_MAX + 1];
	const char *hops; /* those to come; null: the domain itself is to come */
	int is_at_end;
	struct next_hop hop; /* under way */
	unsigned hop_number; /* of it, from 1 */
	struct resolver resolver;
	struct mx_list mx;
	size_t next_mx;
	int has_mx; /* records, that is */
	struct target targets[MX_LIST_MAX];
	size_t next_target;
	size_t targets_n;
	struct way_security security; /* of the target that was given last */
	struct outcome
	    refusal; /* why no mail may go there, for who wants_all; letter 0 */
};

/*
 * Find out where mail for the request's domain goes, without asking the DNS: the target,
 * or control/smtproutes and control/senderroutes decide, or else its MX.  The strings of
 * the request must stay until target_end.  d is zeroed to begin with, used again. Returns
 * 0, or -1 with fault.
 */
int target_begin(struct destination *d, const struct way_settings *settings,
    const struct target_request *request, struct outcome *fault);

/*
 * The next host to try, the best first, valid until the next call; null when there is
 * none, or no more.  What went wrong on the way is merged into fault.
 */
const struct target *target_next(struct destination *d, struct outcome *fault);

/* The rest of the hop whose host was given last is left out. */
void target_leave_hop(struct destination *d);

void target_end(struct destination *d);

#endif
