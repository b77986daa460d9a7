#include "dkim/unsigned_log.h"
#include "lib/queueid.h"

int
unsigned_log_is_due(struct unsigned_log *log, const char *domain, time_t now)
{
	uint64_t hash = queueid_hash(domain, 0);
	size_t place = hash % UNSIGNED_LOG_PLACES;
	long long day = (long long)now / 86400;

	if (log->places[place].domain == hash && log->places[place].day == day)
		return 0;
	log->places[place].domain = hash;
	log->places[place].day = day;
	return 1;
}
