#ifndef STS_TLS_DAY_H
#define STS_TLS_DAY_H

/* The reports on a day, sent to the domains that ask for them. */

#include <time.h>

#include "sts/tls_json.h"

#define TLS_DAY_FOLDER "state/tlssent" /* to which domains, a file for each day */

struct tls_day_settings {
	const char *organisation;
	const char *address;
	const char *submitter;   /* our host name */
	const char *const *sink; /* that takes the messages */
};

/*
 * Send the reports on the day, which begins at begin, but those that were sent before.
 * With is_partial the day is not over: what is sent is not remembered.  Returns how many
 * could not be sent now, or -1 with errno.
 */
int tls_day_send(const struct tls_day_settings *settings, const char *day, time_t begin,
    int is_partial);

/* Write all reports on the day to descriptor 1.  Returns 0, or -1 with errno. */
int tls_day_show(const struct tls_day_settings *settings, const char *day, time_t begin);

#endif
