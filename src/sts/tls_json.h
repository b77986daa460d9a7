#ifndef STS_TLS_JSON_H
#define STS_TLS_JSON_H

/* The report of a day to a domain: RFC 8460, 4.4. */

#include <time.h>

#include <stralloc.h>

#include "sts/tls_lines.h"

#define TLS_JSON_DETAILS 500 /* kinds of failure that are told of each policy */

/* Who reports, and on which day. */
struct tls_json {
	const char *organisation;
	const char *address;
	const char *submitter; /* our host name */
	const char *id;
	time_t begin;
};

/*
 * Append the report on lines begin to end, which are about one domain; the policies are
 * looked for in state/sts.  Dies with DEFER when memory is short.
 */
void tls_json_put(stralloc *json, const struct tls_json *report,
    const struct tls_lines *lines, size_t begin, size_t end);

#endif
