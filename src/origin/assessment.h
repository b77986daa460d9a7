#ifndef ORIGIN_ASSESSMENT_H
#define ORIGIN_ASSESSMENT_H

/* All that is known of where one message comes from, and what is made of it. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "dkim/verify.h"
#include "dmarc/answers.h"
#include "dmarc/dmarc.h"
#include "lib/dns_client.h"
#include "origin/author.h"
#include "origin/incoming.h"

#define ASSESSMENT_SECONDS 15 /* for all questions to the DNS */

/* What is done with the policies of domains: control/dmarc. */
enum assessment_mode { ASSESSMENT_MARK, ASSESSMENT_REJECT };

/* What SPF has said, from the environment. */
struct assessment_spf {
	const char *result; /* or null */
	char domain[TREE_DOMAIN_MAX + 1];
	int is_mailfrom; /* the domain is that of the sender, or stands for the empty one
			  */
	const char *identity; /* mailfrom or helo */
};

struct assessment {
	struct verify verify;
	int is_over; /* the message is */
	struct author author;
	struct assessment_spf spf;
	struct answers answers;
	struct dns_client dns;
	int64_t until; /* of deadline_now: the time for the DNS */
	size_t n;      /* of identifiers */
	struct dmarc_identifier identifiers[VERIFY_SIGNATURES + 1];
	size_t judged; /* domains of the author */
	struct dmarc_result results[AUTHOR_DOMAINS_MAX];
	const struct dmarc_result *worst; /* of them, or null */
	const char *exempt; /* the line of control/dmarcexempt because of which no policy
			       is applied; or null */
};

/* The header is over: take the author from it, and ask the DNS what can be asked. */
void assessment_ask(struct assessment *a, const struct incoming *in);

/* The message is over: so is its header. */
void assessment_end(struct assessment *a);

/* The message is over, or no more of it matters: wait for the answers, and judge. */
void assessment_conclude(struct assessment *a);

/*
 * What is to be done: DMARC_REJECT, DMARC_QUARANTINE, or DMARC_NONE.  reason, if it is
 * not null, gets the words for DMARC_REJECT, a C string.
 */
enum dmarc_policy assessment_disposition(
    const struct assessment *a, enum assessment_mode mode, stralloc *reason);

/* Append the Authentication-Results field under that name. */
void assessment_put_field(const struct assessment *a, stralloc *field, const char *name);

/* Forget the message, but keep the connection to the DNS. */
void assessment_clear(struct assessment *a);

#endif
