#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "turns/pace.h"

#define SECOND 1000000
#define ANSWER(host) host "[192.0.2.1] said: 250 ok"

static struct pace_rates rates;
static int64_t until;

static void
read_rates(const char *text)
{
	FILE *f;

	mkdir("control", 0700);
	f = fopen("control/rates", "w");
	ATF_REQUIRE(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
	pace_rates_free(&rates);
	rates.has_mx = 0;
	++rates.generation;
	ATF_REQUIRE_EQ(0, pace_rates_read(&rates));
}

static int
may(struct pace *p, const char *domain, int64_t now)
{
	until = INT64_MAX;
	return pace_may(p, &rates, domain, 0, now, &until);
}

/* The interval that counts for the domain. */
static int64_t
interval(const char *domain)
{
	struct pace p = {0};

	ATF_CHECK(may(&p, domain, 0));
	return p.interval;
}

ATF_TC_WITHOUT_HEAD(the_line_that_says_most_counts);
ATF_TC_BODY(the_line_that_says_most_counts, tc)
{
	read_rates("# comment\n"
		   ".example.org 2\n"
		   "* 1\n"
		   "a.example.org 4\n"
		   ".b.example.org 5\n"
		   "mx:example.net 100\n");
	ATF_CHECK_EQ(SECOND, interval("example.org"));
	ATF_CHECK_EQ(SECOND, interval("example.net"));
	ATF_CHECK_EQ(SECOND / 2, interval("x.example.org"));
	ATF_CHECK_EQ(SECOND / 4, interval("a.example.org"));
	ATF_CHECK_EQ(SECOND / 5, interval("c.b.example.org"));
	ATF_CHECK_EQ(SECOND, interval("xexample.org"));
}

ATF_TC_WITHOUT_HEAD(messages_are_spaced_evenly);
ATF_TC_BODY(messages_are_spaced_evenly, tc)
{
	struct pace p = {0};
	int64_t now = 5000 * (int64_t)SECOND;

	read_rates("example.org 10/60\n");
	ATF_CHECK(may(&p, "example.org", now));
	pace_take(&p, now);
	ATF_CHECK(!may(&p, "example.org", now));
	ATF_CHECK_EQ(now + 6 * SECOND, until);
	ATF_CHECK(!may(&p, "example.org", now + 6 * SECOND - 1));
	ATF_CHECK(may(&p, "example.org", now + 6 * SECOND));
	/* what was not used is not saved up */
	now += 100 * SECOND;
	pace_take(&p, now);
	ATF_CHECK(!may(&p, "example.org", now + 5 * SECOND));
	/* one that could not go is not counted */
	pace_return(&p);
	ATF_CHECK(may(&p, "example.org", now));
}

ATF_TC_WITHOUT_HEAD(a_high_rate_is_kept_though_time_goes_by_milliseconds);
ATF_TC_BODY(a_high_rate_is_kept_though_time_goes_by_milliseconds, tc)
{
	struct pace p = {0};
	int n = 0;

	read_rates("example.org 2500\n");
	for (int64_t now = 10 * SECOND; now < 12 * SECOND; now += 3000)
		for (; may(&p, "example.org", now); ++n)
			pace_take(&p, now);
	ATF_CHECK_MSG(n >= 4950 && n <= 5050, "%d messages", n);
}

static void
learn(struct pace *p, const char *text, int64_t now)
{
	struct outcome o = {0};

	outcome_set(&o, 'K', "2.0.0", text, (char *)NULL);
	pace_learn(p, &rates, &o, now);
	outcome_free(&o);
}

ATF_TC_WITHOUT_HEAD(all_domains_of_an_mx_share_its_rate);
ATF_TC_BODY(all_domains_of_an_mx_share_its_rate, tc)
{
	struct pace a = {0}, b = {0}, c = {0};

	read_rates("mx:.mx.example 1/10\n");
	/* one finds out, while others wait for what it finds */
	ATF_CHECK(may(&a, "a", 0));
	ATF_CHECK(!pace_may(&a, &rates, "a", 1, 0, &until));
	learn(&a, ANSWER("M1.mx.example"), SECOND);
	ATF_CHECK(!may(&a, "a", SECOND));
	ATF_CHECK_EQ(11 * SECOND, until);
	ATF_CHECK(may(&b, "b", SECOND));
	learn(&b, "relayed: " ANSWER("m2.mx.example"), 2 * SECOND);
	ATF_CHECK(!may(&b, "b", 11 * SECOND));
	ATF_CHECK_EQ(21 * SECOND, until);
	pace_take(&b, 21 * SECOND);
	ATF_CHECK(!may(&a, "a", 30 * SECOND));
	/* another host has no rate */
	ATF_CHECK(may(&c, "c", 0));
	learn(&c, ANSWER("mx.example"), 0);
	ATF_CHECK(c.is_learned && !c.mx);
	ATF_CHECK(pace_may(&c, &rates, "c", 5, 0, &until));
	/* the domain has moved */
	learn(&a, ANSWER("else.where"), 22 * SECOND);
	ATF_CHECK(may(&a, "a", 22 * SECOND));
}

ATF_TC_WITHOUT_HEAD(only_answers_that_name_a_host_teach_something);
ATF_TC_BODY(only_answers_that_name_a_host_teach_something, tc)
{
	static const char *const texts[] = {"", "delivered",
	    "relayed: ", "[192.0.2.1] said: x",
	    "unable to connect to mx.example[192.0.2.1] port 25",
	    "mx.example[192.0.2.1] hung up", "mx.example said: x"};
	struct pace p = {0};

	read_rates("mx:mx.example 1/10\n");
	ATF_CHECK(may(&p, "a", 0));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i)
		learn(&p, texts[i], 0);
	ATF_CHECK(!p.is_learned);
}

ATF_TC_WITHOUT_HEAD(new_rates_count_at_once);
ATF_TC_BODY(new_rates_count_at_once, tc)
{
	struct pace p = {0};

	read_rates("a 1/10\nmx:mx.example 1/3600\n");
	ATF_CHECK(may(&p, "a", 0));
	pace_take(&p, 0);
	learn(&p, ANSWER("mx.example"), 0);
	ATF_CHECK(!may(&p, "a", 10 * SECOND));
	read_rates("a 2\n");
	learn(&p, ANSWER("mx.example"), 0);
	ATF_CHECK(may(&p, "a", 10 * SECOND));
	pace_take(&p, 10 * SECOND);
	read_rates("a 4\n");
	ATF_CHECK(!may(&p, "a", 10 * SECOND));
	ATF_CHECK(may(&p, "a", 10 * SECOND + SECOND / 4));
	read_rates("");
	pace_take(&p, 10 * SECOND);
	ATF_CHECK(may(&p, "a", 10 * SECOND));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_line_that_says_most_counts);
	ATF_TP_ADD_TC(tp, messages_are_spaced_evenly);
	ATF_TP_ADD_TC(tp, a_high_rate_is_kept_though_time_goes_by_milliseconds);
	ATF_TP_ADD_TC(tp, all_domains_of_an_mx_share_its_rate);
	ATF_TP_ADD_TC(tp, only_answers_that_name_a_host_teach_something);
	ATF_TP_ADD_TC(tp, new_rates_count_at_once);
	return atf_no_error();
}
