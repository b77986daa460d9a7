#ifndef LIB_RESOLVER_H
#define LIB_RESOLVER_H

#include <ares.h>
#include <stddef.h>

#include <stralloc.h>

#include "lib/mx_list.h"

#define RESOLVER_ADDRESSES 10 /* of one host that are looked at */
#define RESOLVER_SECONDS 60   /* for one question, all servers and repetitions */

/* The DNS client.  Zeroed to begin with. */
struct resolver {
	ares_channel channel;
	int open;
	unsigned seconds; /* for one question, 0: RESOLVER_SECONDS */
};

enum lookup {
	LOOKUP_FOUND,
	LOOKUP_NOTHING, /* the name exists, but has no such records */
	LOOKUP_NO_NAME, /* NXDOMAIN */
	LOOKUP_FAILED,  /* no answer, or none that says anything: try again later */
};

/* The addresses of a host, IPv4 first, IPv4 as ::ffff:a.b.c.d. */
struct host_addresses {
	const char *name; /* asked for */
	enum lookup lookup;
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
enum lookup resolver_mx(struct resolver *r, const char *domain, struct mx_list *list);

/* Get the addresses of n hosts, all at the same time. */
void resolver_addresses(struct resolver *r, struct host_addresses *hosts, size_t n);

/* Get their IPv4 addresses only, as lists of addresses in the DNS need it. */
void resolver_ip4(struct resolver *r, struct host_addresses *hosts, size_t n);

/*
 * Append the first TXT record of name to text.  Returns 1, or 0 when there is none or no
 * answer.  Dies with DEFER when memory is short.
 */
int resolver_text(struct resolver *r, const char *name, stralloc *text);

/*
 * As resolver_addresses for a host named by the admin, whom /etc/hosts may know.
 */
void resolver_local_host(struct resolver *r, struct host_addresses *host);

#endif
