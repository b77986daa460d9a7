#ifndef LIB_DNS_CLIENT_H
#define LIB_DNS_CLIENT_H

/* The DNS asked through dns-serve: dns-socket(5). */

#include <stdint.h>

#include <stralloc.h>

#include "lib/dns_answer.h"

#define DNS_CLIENT_SOCKET "run/dns.sock" /* in the home */
#define DNS_CLIENT_MILLISECONDS 5000     /* for a question that says nothing else */

/* A connection to it.  Zeroed, with fd -1, to begin with. */
struct dns_client {
	int fd; /* to be polled for POLLIN while answers are owed */
	uint32_t last_id;
	int is_gathering;
	stralloc asked; /* while it is gathering */
	stralloc heard;
	size_t taken; /* of heard */
};

#define DNS_CLIENT_NONE                                                                  \
	{                                                                                \
		.fd = -1                                                                 \
	}

/* Connect, unless it is.  Returns 0, or -1 with errno. */
int dns_client_open(struct dns_client *c);

void dns_client_close(struct dns_client *c);

/*
 * Ask for the records of type ("A", "AAAA", "MX", "TXT", "PTR", "CNAME", "TLSA") of name,
 * as text: RFC 1035, 5.1, with backslashes before dots and backslashes in labels; other
 * bytes stand for themselves.  Its labels may be U-labels.  It is answered within
 * milliseconds, 0 for the usual time, at most 20,000.  Several questions may be under
 * way.  Returns the question's number, or 0 with errno when that can't be done at once;
 * then it is closed.
 */
uint32_t dns_client_ask(
    struct dns_client *c, const char *type, const char *name, unsigned milliseconds);

/*
 * What is asked from here on goes out together, with dns_client_send: that wakes the
 * service once.
 */
void dns_client_gather(struct dns_client *c);

/* Send what has been gathered.  Returns 0, or -1 with errno; then it is closed. */
int dns_client_send(struct dns_client *c);

/*
 * The next answer, if it is there; in any order.  It is good up to the next call.
 * Returns 1, 0 when there is none yet, -1 with errno when there will be none: then it is
 * closed.
 */
int dns_client_take(struct dns_client *c, struct dns_answer *answer);

/*
 * The same, waiting for it until that time of deadline_now: -1 with ETIMEDOUT, and
 * closed, when it has not come then.
 */
int dns_client_wait(struct dns_client *c, struct dns_answer *answer, int64_t until);

/*
 * One question, waited for.  An answer that can't be had is DNS_ANSWER_FAILED, with
 * errno.
 */
void dns_client_look_up(struct dns_client *c, const char *type, const char *name,
    unsigned milliseconds, struct dns_answer *answer);

#endif
