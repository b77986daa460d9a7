#ifndef DMARC_DMARC_RECORD_H
#define DMARC_DMARC_RECORD_H

/* A DMARC policy record, parsed: RFC 9989, 4.7 and 4.8. */

#include <stddef.h>

#define DMARC_RECORD_MAX 4096 /* bytes; what is longer is no record */

enum dmarc_policy { DMARC_UNSET, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc_record {
	enum dmarc_policy p; /* never DMARC_UNSET */
	enum dmarc_policy sp;
	enum dmarc_policy np;
	int is_testing;  /* t=y */
	int is_broken;   /* a policy that can't be read, and nobody to be told: RFC 9989,
			    4.10.1 */
	char psd;        /* y, n or u */
	char adkim;      /* r or s */
	char aspf;       /* r or s */
	char fo[6];      /* a C string, as it is written in the record */
	const char *rua; /* in what was parsed; null when there is none */
	size_t rua_len;
	const char *ruf;
	size_t ruf_len;
};

/* Parse s[0..len), which stays the caller's.  Returns 1; 0 when it is no DMARC record. */
int dmarc_record_parse(struct dmarc_record *record, const char *s, size_t len);

/* none, quarantine or reject, or "" for DMARC_UNSET. */
const char *dmarc_record_word(enum dmarc_policy policy);

#endif
