#include <stdio.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "schedule/settings.h"

static struct settings s;

static void
control(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	mkdir("control", 0700);
	snprintf(path, sizeof path, "control/%s", name);
	f = fopen(path, "w");
	ATF_REQUIRE(f != NULL);
	fputs(text, f);
	fclose(f);
}

ATF_TC_WITHOUT_HEAD(there_is_a_schedule_without_any_file);
ATF_TC_BODY(there_is_a_schedule_without_any_file, tc)
{
	control("me", "mx.example.test\n");
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK_EQ(300, settings_interval(&s, 0));
	ATF_CHECK_EQ(300, settings_interval(&s, 1));
	ATF_CHECK_EQ(600, settings_interval(&s, 2));
	ATF_CHECK_EQ(14400, settings_interval(&s, 99));
	ATF_CHECK_EQ(14400, settings_longest(&s));
	ATF_CHECK_EQ(10, s.local);
	ATF_CHECK_EQ(20, s.remote);
	ATF_CHECK_EQ(10, s.destination);
}

ATF_TC_WITHOUT_HEAD(what_is_wrong_leaves_all_as_it_is);
ATF_TC_BODY(what_is_wrong_leaves_all_as_it_is, tc)
{
	control("me", "mx.example.test\n");
	control("retry", "60\n9000\n120\n");
	control("concurrencyremote", "7\n");
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK_EQ(9000, settings_longest(&s));
	ATF_CHECK_EQ(120, settings_interval(&s, 3));
	ATF_CHECK_EQ(4, s.destination);
	control("retry", "60\n0\n");
	ATF_CHECK_EQ(-1, settings_read(&s));
	control("retry", "5\n");
	control("concurrencylocal", "501\n");
	ATF_CHECK_EQ(-1, settings_read(&s));
	ATF_CHECK_EQ(60, settings_interval(&s, 1));
	ATF_CHECK_EQ(7, s.remote);
}

ATF_TC_WITHOUT_HEAD(rates_read_anew_are_new_ones);
ATF_TC_BODY(rates_read_anew_are_new_ones, tc)
{
	unsigned generation;

	control("me", "mx.example.test\n");
	ATF_REQUIRE_EQ(0, settings_read(&s));
	generation = s.rates.generation;
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK(s.rates.generation != generation);
}

ATF_TC_WITHOUT_HEAD(routes_of_senders_are_read_anew);
ATF_TC_BODY(routes_of_senders_are_read_anew, tc)
{
	control("me", "mx.example.test\n");
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK_EQ(0, s.sender_routes.len);
	control("senderroutes", "@a.test:b.test\n");
	control("bindaddresses", "* 192.0.2.1\n");
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK_EQ(sizeof "@a.test:b.test", s.sender_routes.len);
	ATF_CHECK_EQ(sizeof "* 192.0.2.1", s.bind.len);
	ATF_REQUIRE_EQ(0, unlink("control/senderroutes"));
	ATF_REQUIRE_EQ(0, settings_read(&s));
	ATF_CHECK_EQ(0, s.sender_routes.len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, routes_of_senders_are_read_anew);
	ATF_TP_ADD_TC(tp, there_is_a_schedule_without_any_file);
	ATF_TP_ADD_TC(tp, what_is_wrong_leaves_all_as_it_is);
	ATF_TP_ADD_TC(tp, rates_read_anew_are_new_ones);
	return atf_no_error();
}
