#ifndef DKIM_UNSIGNED_LOG_H
#define DKIM_UNSIGNED_LOG_H

/* Domains whose messages went out unsigned: each is told once a day. */

#include <stdint.h>
#include <time.h>

#define UNSIGNED_LOG_PLACES 1024 /* of two that meet in one, both are told again */

/* Zeroed to begin with. */
struct unsigned_log {
	struct {
		uint64_t domain; /* its hash */
		long long day;
	} places[UNSIGNED_LOG_PLACES];
};

/* Is the domain to be told of now?  It counts as told then. */
int unsigned_log_is_due(struct unsigned_log *log, const char *domain, time_t now);

#endif
