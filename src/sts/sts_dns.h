#ifndef STS_STS_DNS_H
#define STS_STS_DNS_H

/* Questions to the DNS of a program that does other things meanwhile. */

#include <stddef.h>

#include <ares.h>
#include <curl/curl.h>

#define STS_DNS_ADDRESSES 8 /* of a web server that are tried */
#define STS_DNS_TEXT_MAX 4096
#define STS_DNS_SOCKETS 15 /* the macro for the 16th is undefined behaviour */

enum sts_dns_lookup { STS_DNS_FOUND, STS_DNS_NOTHING, STS_DNS_FAILED };

/* Zeroed to begin with. */
struct sts_dns {
	ares_channel channel;
	int is_open;
	int pending; /* questions */

	enum sts_dns_lookup lookup; /* of the last questions */
	/* TXT records, each ended by \0: how many bytes */
	char text[STS_DNS_TEXT_MAX];
	size_t len;
	/* addresses, as text with commas between */
	char addresses[STS_DNS_ADDRESSES * 48];
	size_t n;
};

/* Use control/resolvers.  Returns 0, or -1 with *why. */
int sts_dns_open(struct sts_dns *dns, const char **why);
void sts_dns_close(struct sts_dns *dns);

/* Ask for the TXT records of a name, for its addresses. */
void sts_dns_ask_text(struct sts_dns *dns, const char *name);
void sts_dns_ask_addresses(struct sts_dns *dns, const char *name);

/*
 * What its sockets wait for: up to STS_DNS_SOCKETS of them, set in fds, and their number;
 * *milliseconds is made less when something is due before.
 */
size_t sts_dns_fds(struct sts_dns *dns, struct curl_waitfd *fds, int *milliseconds);

/* Work on what its sockets, fds[0..n), have, and on what is due. */
void sts_dns_work(struct sts_dns *dns, const struct curl_waitfd *fds, size_t n);

#endif
