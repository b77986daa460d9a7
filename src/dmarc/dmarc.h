#ifndef DMARC_DMARC_H
#define DMARC_DMARC_H

/* Does a message come from the domain in its From field: RFC 9989, 5.3. */

#include <stddef.h>

#include "dmarc/answers.h"
#include "dmarc/dmarc_record.h"
#include "dmarc/tree_walk.h"

/* A domain that SPF or a signature has, or has not, shown a message to come from. */
struct dmarc_identifier {
	const char *domain; /* with A-labels, in lower case */
	int is_spf;
	enum { DMARC_SHOWN, DMARC_NOT_SHOWN, DMARC_NOT_KNOWN } state;
	int is_aligned; /* set by dmarc_judge */
};

enum dmarc_outcome {
	DMARC_PASS,
	DMARC_FAIL,
	DMARC_NO_RECORD,
	DMARC_TEMPERROR,
	DMARC_PERMERROR
};

/* The judgement on one domain of the From field. */
struct dmarc_result {
	enum dmarc_outcome outcome;
	const char *author;                /* its domain */
	const char *domain;                /* where the record stands, or null */
	const struct dmarc_record *record; /* of that domain, in answers; or null */
	enum dmarc_policy published;       /* what the record says of this domain */
	enum dmarc_policy policy;          /* what is to be done when it fails */
	int is_dkim_aligned;               /* by a signature that is good */
	int is_spf_aligned;
};

/* Want what tells which policy applies to the author's domain. */
void dmarc_want_policy(struct answers *answers, const char *author);

/*
 * With these answers there: want what the judgement needs beside them, in which there is
 * little for most messages.
 */
void dmarc_want_rest(struct answers *answers, const char *author,
    const struct dmarc_identifier *identifiers, size_t n);

/* Judge, with all answers there: what is missing is not known. */
void dmarc_judge(struct dmarc_result *result, struct answers *answers, const char *author,
    struct dmarc_identifier *identifiers, size_t n);

/*
 * Have two domains the same organizational domain?  1, 0, or -1 when that is not known.
 * dmarc_want_policy has wanted the answers for both.
 */
int dmarc_same_organisation(struct answers *answers, const char *one, const char *other);

/* pass, fail, none, temperror or permerror. */
const char *dmarc_outcome_word(enum dmarc_outcome outcome);

#endif
