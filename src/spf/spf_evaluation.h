#ifndef SPF_SPF_EVALUATION_H
#define SPF_SPF_EVALUATION_H

/* An evaluation under way, and how it asks the DNS within the limits of RFC 7208, 4.6.4.
 */

#include "spf/spf_evaluate.h"
#include "spf/spf_expand.h"

struct spf_evaluation {
	/* evaluates the record of a domain; a failure of an included one is not explained
	 */
	enum spf_result (*check_host)(
	    struct spf_evaluation *e, const char *domain, int is_included);
	const struct spf_question *question;
	struct spf_verdict *verdict;
	struct spf_expand_values values;
	stralloc validated; /* what %{p} stands for */
	unsigned lookups;   /* terms that ask the DNS, so far */
	unsigned voids;     /* of them, those that lead to nothing */
	int is_void;        /* the one that is looked at has been counted so */
	int is_utf8;        /* the sender's local part is no ASCII */
};

/* An error: set the problem, and return the result. */
enum spf_result spf_evaluation_fault(
    struct spf_evaluation *e, enum spf_result result, const char *problem);

/* Another term that asks the DNS.  Returns 0, or -1 when there were enough. */
int spf_evaluation_count(struct spf_evaluation *e);

/*
 * Ask for records.  Returns null when there are none that can be looked at: *result is
 * then SPF_PENDING, SPF_TEMPERROR, SPF_PERMERROR; or, there being none, SPF_NONE.
 */
const struct dns_answer *spf_evaluation_ask(struct spf_evaluation *e, const char *type,
    const char *name, enum spf_result *result);

/* The same for what does not count as an answer without anything. */
const struct dns_answer *spf_evaluation_ask_freely(struct spf_evaluation *e,
    const char *type, const char *name, enum spf_result *result);

/*
 * Has the host an address that has the bits of the client's?  1, 0; -1 with *result.
 */
int spf_evaluation_has_address(struct spf_evaluation *e, const char *host, unsigned bits4,
    unsigned bits6, enum spf_result *result);

/* Are the first bits of the client's address those of ip, bits4 if it is IPv4? */
int spf_evaluation_is_client(const struct spf_evaluation *e, const unsigned char ip[16],
    unsigned bits4, unsigned bits6);

int spf_evaluation_is_v4(const unsigned char ip[16]);

/*
 * Does the client have a name, confirmed by its addresses, that is target or below it?
 * When it does, or with target null when it has any, that is appended to name, unless
 * name is null: the best one for the domain.  1, 0; -1 with *result.
 */
int spf_evaluation_has_name(struct spf_evaluation *e, const char *target, stralloc *name,
    enum spf_result *result);

/*
 * Append the name that the domain-spec s[0..len) stands for, as text for the DNS.
 * Returns 1; 0 when there is no such name; -1 with *result.
 */
int spf_evaluation_expand(struct spf_evaluation *e, stralloc *name, const char *s,
    size_t len, enum spf_result *result);

#endif
