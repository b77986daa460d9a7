#ifndef LIB_DNS_ANSWER_H
#define LIB_DNS_ANSWER_H

/* What dns-serve says of a question: dns-socket(5). */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#define DNS_ANSWER_MAX 131072 /* bytes: what a DNS message has, and more */

enum dns_answer_status {
	DNS_ANSWER_FOUND,
	DNS_ANSWER_NOTHING, /* the name exists, but has no such records */
	DNS_ANSWER_NO_NAME, /* NXDOMAIN */
	DNS_ANSWER_FAILED,  /* no answer, or none that says anything: try again later */
};

struct dns_answer {
	uint32_t id; /* of the question */
	enum dns_answer_status status;
	int secure; /* the resolver says that it has verified it (AD: RFC 4035, 3.2.3) */
	uint32_t ttl;     /* seconds for which it holds */
	const char *name; /* to which CNAMEs have led, as text */
	size_t name_len;
	const char *records; /* netstrings, for dns_answer_next */
	size_t records_len;
};

/* Append the answer as it is written, but for the records, which follow it. */
void dns_answer_put(stralloc *sa, const struct dns_answer *answer);

/*
 * Take s[0..len), an answer with its records, apart; the answer points into it.  Returns
 * 1, or 0 when it is malformed.
 */
int dns_answer_parse(struct dns_answer *answer, const char *s, size_t len);

/*
 * The next record: addresses of 4 or 16 bytes, the text of TXT, the name of PTR and
 * CNAME, the data of TLSA as they are.  Returns 1, or 0 when there are no more.
 */
int dns_answer_next(struct dns_answer *answer, const char **s, size_t *len);

/*
 * The record s[0..len) of an MX: its preference, and where the name begins.  Returns null
 * when it is malformed.
 */
const char *dns_answer_mx(const char *s, size_t len, unsigned *preference);

#endif
