#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <atf-c.h>

#include "policy/dnsbl_health.h"
#include "policy/state_table.h"

#define TABLE "state/dnsbl/table"
#define NOBODY "127.0.0.1:1" /* no DNS server there */

static struct dnsbl lists[4];
static enum dnsbl_health health[4];
static struct resolver resolver = {.seconds = 1};

static void
begin(void)
{
	static const char *const zones[] = {"a.test", "b.test", "c.test", "d.test"};
	const char *why;
	size_t i;

	for (i = 0; i < 4; i++)
		ATF_REQUIRE(dnsbl_scan(&lists[i], zones[i]));
	ATF_REQUIRE_EQ(0, resolver_open(&resolver, NOBODY, sizeof(NOBODY), &why));
}

/* Keep what is known of list i for so many seconds. */
static void
keep(struct state_table *table, size_t i, enum dnsbl_health known, int seconds)
{
	struct state_entry entry;
	int64_t now = time(NULL);

	ATF_REQUIRE(state_table_get(table, lists[i].zone, now, &entry) != -1);
	entry.data[0] = (unsigned char)known;
	entry.expires = now + seconds;
	ATF_REQUIRE_EQ(0, state_table_put(table, &entry));
	state_table_unlock(table);
}

ATF_TC_WITHOUT_HEAD(what_is_kept_is_believed_for_its_time);
ATF_TC_BODY(what_is_kept_is_believed_for_its_time, tc)
{
	struct state_table table;
	struct state_entry entry;

	begin();
	ATF_REQUIRE_EQ(0, mkdir("state", 0755));
	ATF_REQUIRE_EQ(0, mkdir("state/dnsbl", 0755));
	ATF_REQUIRE_EQ(0, state_table_open(&table, TABLE, 4));
	keep(&table, 0, DNSBL_HEALTH_SOUND, 1000);
	keep(&table, 1, DNSBL_HEALTH_BROKEN, 1000);
	keep(&table, 2, DNSBL_HEALTH_BROKEN, -1);
	dnsbl_health_look(&resolver, lists, 4, health);
	ATF_CHECK_EQ(DNSBL_HEALTH_SOUND, health[0]);
	ATF_CHECK_EQ(DNSBL_HEALTH_BROKEN, health[1]);
	ATF_CHECK_EQ(DNSBL_HEALTH_SILENT, health[2]);
	ATF_CHECK_EQ(DNSBL_HEALTH_SILENT, health[3]);
	/* a silence is asked again */
	ATF_CHECK_EQ(0, state_table_get(&table, lists[3].zone, time(NULL), &entry));
	state_table_unlock(&table);
}

ATF_TC_WITHOUT_HEAD(without_a_table_all_are_asked);
ATF_TC_BODY(without_a_table_all_are_asked, tc)
{
	size_t i;

	begin();
	dnsbl_health_look(&resolver, lists, 4, health);
	for (i = 0; i < 4; i++)
		ATF_CHECK_EQ(DNSBL_HEALTH_SILENT, health[i]);
	dnsbl_health_look(&resolver, lists, 0, health);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_kept_is_believed_for_its_time);
	ATF_TP_ADD_TC(tp, without_a_table_all_are_asked);
	return atf_no_error();
}
