#ifndef ORIGIN_REPORT_XML_H
#define ORIGIN_REPORT_XML_H

/* An aggregate report of DMARC as XML: RFC 9990, 3. */

#include <time.h>

#include <stralloc.h>

#include "origin/aggregate.h"

#define REPORT_ROWS_MAX 20000 /* of a report: more are left out */

/* Who reports, and of which time. */
struct report {
	const char *organisation;
	const char *address;
	const char *submitter; /* our host name */
	const char *id;        /* of the report */
	time_t begin, end;
};

/*
 * Append the report on the lines of a from begin to end, which are about one domain.
 * Returns how many rows were left out.  Dies with DEFER when memory is short.
 */
size_t report_xml_put(stralloc *xml, const struct report *report,
    const struct aggregate *a, size_t begin, size_t end);

#endif
