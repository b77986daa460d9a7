#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/deadline.h"
#include "lib/siphash.h"
#include "sts/sts_log.h"
#include "sts/sts_recent.h"

void
sts_recent_begin(struct sts_recent *recent)
{
	while (getrandom(recent->key, sizeof(recent->key), 0) !=
	       (ssize_t)sizeof(recent->key))
		;
	recent->places = calloc(STS_RECENT_PLACES, sizeof(*recent->places));
	if (recent->places == NULL)
		sts_log_lack();
}

void
sts_recent_copy(char copy[STS_RECENT_WHY_MAX], const char *why)
{
	size_t len = strnlen(why, STS_RECENT_WHY_MAX - 1), i;

	for (i = 0; i < len; i++)
		copy[i] = (char)(why[i] < ' ' ? ' ' : why[i]);
	copy[len] = '\0';
}

static struct sts_recent_entry *
place_of(const struct sts_recent *recent, const char *domain)
{
	uint64_t hash = siphash(recent->key, domain, strlen(domain));

	return &recent->places[hash & (STS_RECENT_PLACES - 1)];
}

const struct sts_recent_entry *
sts_recent_find(const struct sts_recent *recent, const char *domain)
{
	const struct sts_recent_entry *entry = place_of(recent, domain);

	if (strcmp(entry->domain, domain) != 0 || entry->until <= deadline_now())
		return NULL;
	return entry;
}

void
sts_recent_add(struct sts_recent *recent, const char *domain, unsigned seconds,
    const char *result, const char *why)
{
	struct sts_recent_entry *entry = place_of(recent, domain);

	strcpy(entry->domain, domain);
	entry->until = deadline_now() + (int64_t)seconds * 1000;
	entry->result = result;
	sts_recent_copy(entry->why, why);
}
