#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/ipaddress.h"
#include "lib/log.h"
#include "policy/dnsbl_health.h"
#include "policy/state_table.h"

#define TABLE "state/dnsbl/table"
#define TABLE_BUCKETS 4 /* 256 lists, 16 KiB */
#define LIFE 3600       /* seconds */
#define TESTS 4         /* questions about a list */

/* The table is a cache; fd -1: there is none, or it was not yet looked for. */
static struct state_table table = {.fd = -1};

static void
open_table(void)
{
	static int is_tried;

	if (!is_tried && state_table_open(&table, TABLE, TABLE_BUCKETS) == -1)
		carpsys("unable to open ", TABLE);
	is_tried = 1;
}

/* What is known of the list. */
static enum dnsbl_health
recall(const struct dnsbl *list)
{
	struct state_entry entry;
	enum dnsbl_health health = DNSBL_HEALTH_UNKNOWN;

	if (table.fd == -1)
		return health;
	switch (state_table_get(&table, list->zone, time(NULL), &entry)) {
	case -1:
		carpsys("unable to read ", TABLE);
		return health;
	case 1:
		health = entry.data[0] == DNSBL_HEALTH_BROKEN ? DNSBL_HEALTH_BROKEN
							      : DNSBL_HEALTH_SOUND;
	}
	state_table_unlock(&table);
	return health;
}

/* Keep it.  Returns 1 when it is news, 0 when another process has found out meanwhile. */
static int
keep(const struct dnsbl *list, enum dnsbl_health health)
{
	struct state_entry entry;
	int64_t now = time(NULL);
	int known;

	if (table.fd == -1)
		return 1;
	known = state_table_get(&table, list->zone, now, &entry);
	if (known == -1) {
		carpsys("unable to read ", TABLE);
		return 1;
	}
	known = known && entry.data[0] == health;
	entry.data[0] = (unsigned char)health;
	entry.expires = now + LIFE;
	if (state_table_put(&table, &entry) == -1)
		carpsys("unable to write ", TABLE);
	state_table_unlock(&table);
	return !known;
}

static int
lists(const struct resolver_addresses *host)
{
	size_t i;

	for (i = 0; i < host->n; i++)
		if (dnsbl_is_listing(host->ip[i]))
			return 1;
	return 0;
}

/*
 * What its answers about 127.0.0.1 and 127.0.0.2, by the names of IPv4 and then by those
 * of IPv6, say of it: a list may have addresses of the one kind only.  Who has 127.0.0.2
 * by one name need not answer to the others.
 */
static enum dnsbl_health
judge(const struct dnsbl *list, const struct resolver_addresses answers[TESTS])
{
	const char *reason = NULL;
	int is_silent = 0, has_second = 0;
	size_t i;

	for (i = 0; i < TESTS; i++) {
		is_silent |= answers[i].lookup == RESOLVER_FAILED;
		if (i % 2 == 0 && lists(&answers[i]))
			reason = "it lists 127.0.0.1";
		has_second |= i % 2 == 1 && lists(&answers[i]);
	}
	if (reason == NULL && !has_second) {
		if (is_silent)
			return DNSBL_HEALTH_SILENT;
		reason = "it does not list 127.0.0.2";
	}
	if (keep(list, reason == NULL ? DNSBL_HEALTH_SOUND : DNSBL_HEALTH_BROKEN) &&
	    reason != NULL)
		log_event(NULL, "outoforder", "list", list->name, "reason", reason,
		    (char *)NULL);
	return reason == NULL ? DNSBL_HEALTH_SOUND : DNSBL_HEALTH_BROKEN;
}

/* Ask those of n lists that nothing is known of; TESTS times as many can be asked. */
static void
ask(struct resolver *resolver, const struct dnsbl *all, size_t n,
    enum dnsbl_health *health)
{
	static const char *const tests[] = {"127.0.0.1", "127.0.0.2"};
	struct resolver_addresses answers[MX_LIST_MAX];
	char names[MX_LIST_MAX][DNSBL_NAME_MAX];
	unsigned char ip[16];
	size_t i, count = 0;

	for (i = 0; i < TESTS * n; i++)
		if (health[i / TESTS] == DNSBL_HEALTH_UNKNOWN &&
		    ipaddress_scan(tests[i % 2], ip)) {
			(i % TESTS < 2 ? dnsbl_name : dnsbl_name_ip6)(
			    names[count], &all[i / TESTS], ip);
			answers[count].name = names[count];
			count++;
		}
	if (count == 0)
		return;
	resolver_ip4(resolver, answers, count);
	for (i = count = 0; i < n; i++)
		if (health[i] == DNSBL_HEALTH_UNKNOWN) {
			health[i] = judge(&all[i], answers + count);
			count += TESTS;
		}
}

void
dnsbl_health_look(struct resolver *resolver, const struct dnsbl *all, size_t n,
    enum dnsbl_health *health)
{
	size_t i, most = MX_LIST_MAX / TESTS;

	open_table();
	for (i = 0; i < n; i++)
		health[i] = recall(&all[i]);
	for (i = 0; i < n; i += most)
		ask(resolver, all + i, n - i < most ? n - i : most, health + i);
}
