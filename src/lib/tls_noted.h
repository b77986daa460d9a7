#ifndef LIB_TLS_NOTED_H
#define LIB_TLS_NOTED_H

/* What came of TLS at MX hosts, as it is noted for the reports of RFC 8460: a line each.
 */

#include <stddef.h>
#include <time.h>

#define TLS_NOTED_FOLDER "state/tlsreport" /* a file for each day */
#define TLS_NOTED_BYTES 67108864           /* of a file: what comes then is not noted */
#define TLS_NOTED_DAYS 4                   /* that are kept */
#define TLS_NOTED_DAY_MAX 16

/* The fields of a line, with tabs between them. */
enum tls_noted_field {
	TLS_NOTED_FORMAT, /* 1 */
	TLS_NOTED_DOMAIN, /* whose policy it was */
	TLS_NOTED_TYPE,   /* tlsa, sts, no-policy-found */
	TLS_NOTED_POLICY, /* TLSA records with commas between; the id of a policy */
	TLS_NOTED_HOST,
	TLS_NOTED_IP,
	TLS_NOTED_OWN_IP,
	TLS_NOTED_RESULT, /* "": it succeeded */
	TLS_NOTED_TEXT,
	TLS_NOTED_FIELDS,
};

/* What the file of the day of t is called. */
const char *tls_noted_day(char name[TLS_NOTED_DAY_MAX], time_t t);

/* Is it the name of a day?  Returns 1 with its first second, or 0. */
int tls_noted_is_day(const char *name, time_t *begin);

/*
 * Take the line, a C string that is changed, apart.  Returns 1, or 0 when it is
 * malformed, as one that a crash has cut.
 */
int tls_noted_split(char *line, const char *fields[TLS_NOTED_FIELDS]);

#endif
