#ifndef ORIGIN_TALLY_H
#define ORIGIN_TALLY_H

/*
 * The results of a day, kept for the reports: state/dmarc/YYYY-MM-DD, by days of UTC, a
 * line each.  A line that was cut by a crash is no line; the next begins behind it.
 */

#include <stddef.h>
#include <time.h>

#define TALLY_FOLDER "state/dmarc"
#define TALLY_DAY_MAX 11        /* YYYY-MM-DD, and \0 */
#define TALLY_FILE_MAX 67108864 /* bytes of a day: what comes then is not kept */
#define TALLY_LINE_MAX 8192
#define TALLY_FIELDS 15

/* The fields of a line, with tabs between; empty ones are. */
enum tally_field {
	TALLY_VERSION, /* 1 */
	TALLY_TIME,    /* seconds since 1970 */
	TALLY_DOMAIN,  /* where the record stands */
	TALLY_CLIENT,  /* its address */
	TALLY_AUTHOR,  /* the domain of the From field */
	TALLY_DISPOSITION,
	TALLY_DKIM, /* pass or fail: is a good signature aligned */
	TALLY_SPF,
	TALLY_REASON,     /* why the disposition is not what the record says, a type */
	TALLY_SENDER,     /* its domain */
	TALLY_SPF_DOMAIN, /* which was checked */
	TALLY_SPF_RESULT,
	TALLY_SIGNATURES, /* DOMAIN SELECTOR RESULT, with commas between */
	TALLY_RECORD,     /* the record */
	TALLY_END         /* . */
};

/* Write the day of t to day.  Returns day. */
char *tally_day(char day[TALLY_DAY_MAX], time_t t);

/*
 * Take the line s[0..len) apart, in place: all fields become C strings.  Returns 1, or 0
 * when it is none.
 */
int tally_parse(char *fields[TALLY_FIELDS], char *s, size_t len);

#endif
