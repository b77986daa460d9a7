#ifndef LIB_DATETIME_H
#define LIB_DATETIME_H

/* Dates as header fields have them: RFC 5322, 3.3. */

#include <time.h>

#define DATETIME_MAX 40

/*
 * Write t as "Mon, 23 Nov 2026 09:35:00 +0000" (RFC 5322, 3.3), in UTC, to buf, which
 * holds DATETIME_MAX bytes; returns buf.
 */
const char *datetime_rfc5322(char *buf, time_t t);

#endif
