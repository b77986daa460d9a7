#ifndef ORIGIN_REPORT_ADDRESS_H
#define ORIGIN_REPORT_ADDRESS_H

/* To whom a report may be sent: RFC 9990, 4. */

#include <stddef.h>

#include <stralloc.h>

#include "dmarc/answers.h"

#define REPORT_ADDRESSES_MAX 10 /* of a record, and of a report */

/* Zeroed to begin with. */
struct report_addresses {
	size_t n;
	struct report_target {
		stralloc address;         /* ended by \0 */
		unsigned long long limit; /* bytes that a report may have there; 0: any */
	} list[REPORT_ADDRESSES_MAX];
};

/* Want what the DNS has to say of the addresses in rua[0..len), of the record at domain.
 */
void report_address_want(
    struct answers *answers, const char *domain, const char *rua, size_t len);

/*
 * Add the addresses that may get it, each once, with the answers there.  Those of other
 * organisations must have said that they want it.  Returns 0; -1 when the DNS did not
 * answer, so that it should be tried again.  Dies with DEFER when memory is short.
 */
int report_address_find(struct report_addresses *addresses, struct answers *answers,
    const char *domain, const char *rua, size_t len);

/* Leave only those that take a report of size bytes. */
void report_address_fit(struct report_addresses *addresses, size_t size);

void report_address_free(struct report_addresses *addresses);

#endif
