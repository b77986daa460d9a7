#ifndef WAY_WAY_SETTINGS_H
#define WAY_WAY_SETTINGS_H

#include <stralloc.h>

#include "lib/control_again.h"
#include "lib/ip_families.h"
#include "lib/routes.h"

/* What the control files say about the way of mail.  Zeroed to begin with, used again. */
struct way_settings {
	stralloc me;
	struct routes routes;
	stralloc resolvers;            /* lines, each ended by \0 */
	stralloc bind;                 /* bind_address_find */
	stralloc helo;                 /* helo_host_find */
	stralloc never_to;             /* never_to_has */
	stralloc tls;                  /* lines of tlspolicy, each ended by \0 */
	struct control_again tls_read; /* when they were read */
	struct ip_families families;
	int reports_tls; /* control/tlsreport is there: tls_result_note */
	int trusts_any;  /* the AD bit of resolvers on other machines */
	unsigned port;   /* where the servers of others listen */
	stralloc wrong;
};

/* Read them anew.  Returns null, or what is wrong, valid until the next call. */
const char *way_settings_read(struct way_settings *s);

/* The name to say to a server, from our address ip, which may be null. */
const char *way_settings_helo(const struct way_settings *s, const unsigned char *ip);

#endif
