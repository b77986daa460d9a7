#ifndef LIB_RESOLVER_H
#define LIB_RESOLVER_H

/* The DNS client. */

#include <stddef.h>

#include <ares.h>
#include <stralloc.h>

#include "lib/mx_list.h"

#define RESOLVER_FAMILY_ADDRESSES 10 /* of one host and family that are looked at */
#define RESOLVER_ADDRESSES (2 * RESOLVER_FAMILY_ADDRESSES)
#define RESOLVER_SECONDS 60 /* for one question, all servers and repetitions */

/* The DNS client.  Zeroed to begin with. */
struct resolver {
	ares_channel channel;
	int open;
	unsigned seconds;          /* for one question, 0: RESOLVER_SECONDS */
	unsigned try_milliseconds; /* for the first answer of a server, 0: 3 seconds */
	int trusts_any; /* believe the AD bit of servers that are not on this machine */
	int is_local;   /* all of its servers are on this machine */
	int believes;   /* the AD bit: set by resolver_open */
};

enum resolver_lookup {
	RESOLVER_FOUND,
	RESOLVER_NOTHING, /* the name exists, but has no such records */
	RESOLVER_NO_NAME, /* NXDOMAIN */
	RESOLVER_FAILED,  /* no answer, or none that says anything: try again later */
};

/* The addresses of a host, IPv4 first, IPv4 as ::ffff:a.b.c.d. */
struct resolver_addresses {
	const char *name; /* asked for */
	enum resolver_lookup lookup;
	size_t n;
	unsigned char ip[RESOLVER_ADDRESSES][16];
};

/*
 * Use the servers list[0..len), ADDRESS or ADDRESS:PORT each, each ended by \0; with none
 * those of resolv.conf(5).  Returns 0, or -1 with *why a constant.
 */
int resolver_open(struct resolver *r, const char *list, size_t len, const char **why);
void resolver_close(struct resolver *r);

/* Get the MX records of a domain. */
enum resolver_lookup resolver_mx(
    struct resolver *r, const char *domain, struct mx_list *list);

/* Get the addresses of n hosts, all at the same time. */
void resolver_addresses(struct resolver *r, struct resolver_addresses *hosts, size_t n);

/* Get their IPv4 addresses only, as lists of addresses in the DNS need it. */
void resolver_ip4(struct resolver *r, struct resolver_addresses *hosts, size_t n);

/*
 * Append the first TXT record of name to text.  Returns 1, or 0 when there is none or no
 * answer.  Dies with DEFER when memory is short.
 */
int resolver_text(struct resolver *r, const char *name, stralloc *text);

/*
 * As resolver_addresses for a host named by the admin, whom /etc/hosts may know.
 */
void resolver_local_host(struct resolver *r, struct resolver_addresses *host);

#endif
