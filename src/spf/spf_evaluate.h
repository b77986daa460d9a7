#ifndef SPF_SPF_EVALUATE_H
#define SPF_SPF_EVALUATE_H

/* The evaluation of SPF: check_host() of RFC 7208, 4. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/dns_answer.h"

#define SPF_EVALUATE_LOOKUPS 10 /* RFC 7208, 4.6.4 */
#define SPF_EVALUATE_VOIDS 2
#define SPF_EVALUATE_NAMES 10 /* of an MX or PTR */

enum spf_result {
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
	SPF_PENDING, /* no result yet: answers of the DNS are missing */
};

/*
 * The answer of the DNS to the question for records of type ("A", "TXT") of name, as
 * text.  Null when it is not yet there: it is asked for now, and the evaluation is to be
 * begun anew when it has come.  The answer is good as long as the evaluation lasts.
 */
typedef const struct dns_answer *spf_lookup(
    void *asker, const char *type, const char *name);

struct spf_question {
	unsigned char ip[16]; /* the client's, IPv4 as ::ffff:a.b.c.d */
	const char *sender;   /* LOCAL@DOMAIN; or DOMAIN alone, as of HELO */
	const char *helo;
	const char *receiver; /* who asks */
	int64_t time;         /* seconds since 1970 */
	spf_lookup *lookup;
	void *asker;
};

/* What has come of it.  Zeroed to begin with, and to be freed by spf_evaluate_free. */
struct spf_verdict {
	enum spf_result result;
	stralloc domain;      /* that was asked, A-labels, a C string */
	stralloc mechanism;   /* that matched, or is malformed; a C string, or empty */
	stralloc explanation; /* of a failure by the domain's owner; or empty */
	const char *problem;  /* of an error; or null */
};

/*
 * Evaluate the SPF record of the sender's domain.  Dies with DEFER when memory is short.
 */
void spf_evaluate(const struct spf_question *question, struct spf_verdict *verdict);

void spf_evaluate_free(struct spf_verdict *verdict);

/* "pass", "fail" and so on. */
const char *spf_evaluate_name(enum spf_result result);

#endif
