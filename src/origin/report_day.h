#ifndef ORIGIN_REPORT_DAY_H
#define ORIGIN_REPORT_DAY_H

/* The reports on one day, sent; what has been sent is remembered. */

#include <time.h>

#define REPORT_DAYS_MAX 3 /* for which a report is tried again */

struct report_settings {
	const char *organisation;
	const char *address;
	const char *submitter;   /* our host name */
	const char *const *sink; /* that takes the messages */
};

/*
 * Is name, a file of the folder, that of a day which is over at the time now, so that its
 * reports can be sent?  *begin is set to its first second.
 */
int report_day_is_over(const char *name, time_t now, time_t *begin);

/*
 * Send the reports on the day of that name, which began at begin, and remove its file
 * when there is nothing left to be sent.  Returns how many reports wait for a later time,
 * or -1 with errno when the day can't be read.
 */
int report_day_send(
    const struct report_settings *settings, const char *name, time_t begin, time_t now);

#endif
