#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "schedule/admission.h"
#include "schedule/scheduler.h"
#include "schedule/shedding.h"

static struct scheduler s;
static unsigned made;

/* A message of a user for a domain, which waits in line. */
static void
add(const char *domain, uint64_t user)
{
	struct destination *d =
	    destination_get(&s.destinations, ROUTE_REMOTE, domain, "");
	struct message *m = calloc(1, sizeof *m);
	struct task *job;

	memset(m->id, 'a', QUEUEID_LEN);
	for (unsigned i = 0, n = made++; i < 8; ++i, n /= 10)
		m->id[i] = '0' + n % 10;
	m->file.fd = -1;
	m->jobs = 1;
	m->users[ROUTE_REMOTE] = submitter_enter(&s.active.users, user);
	active_add(&s.active, m);
	job = task_make(m, d, m->users[ROUTE_REMOTE]);
	destination_put(&s.destinations, job);
}

static int
has_room(const char *domain, uint64_t user)
{
	struct backlog_waiter w = {.channel = ROUTE_REMOTE,
	    .key = {destination_key(ROUTE_REMOTE, domain, ""), user}};

	return admission_may(&s, &w);
}

static size_t
fill(const char *domain, uint64_t user)
{
	size_t n = 0;

	for (; has_room(domain, user); ++n)
		add(domain, user);
	return n;
}

ATF_TC_WITHOUT_HEAD(a_line_gets_half_of_the_places);
ATF_TC_BODY(a_line_gets_half_of_the_places, tc)
{
	s.active.most = 1000;
	ATF_CHECK_EQ(500, fill("a", 1));
	ATF_CHECK(has_room("a", 2));
	ATF_CHECK(has_room("b", 1));
	ATF_CHECK(has_room("b", 2));
}

ATF_TC_WITHOUT_HEAD(a_destination_and_a_user_leave_room_for_others);
ATF_TC_BODY(a_destination_and_a_user_leave_room_for_others, tc)
{
	char domain[16] = "d000";

	s.active.most = 1000;
	for (uint64_t user = 10; has_room("a", user); ++user)
		add("a", user);
	ATF_CHECK_EQ(800, s.active.all.count);
	for (unsigned n = 0; has_room(domain, 1); ++n) {
		add(domain, 1);
		domain[1] = '0' + n / 100;
		domain[2] = '0' + n / 10 % 10;
		domain[3] = '0' + n % 10;
	}
	ATF_CHECK_EQ(960, s.active.all.count);
	ATF_CHECK(has_room("b", 2));
	ATF_CHECK(!has_room("a", 2));
	ATF_CHECK(!has_room("b", 1));
}

/* However many lines are full, all get the same share in the end. */
ATF_TC_WITHOUT_HEAD(who_has_too_many_places_gives_some_back);
ATF_TC_BODY(who_has_too_many_places_gives_some_back, tc)
{
	char domain[] = "a";

	s.active.most = 1000;
	for (int round = 0; round < 20; ++round)
		for (uint64_t user = 1; user <= 9; ++user) {
			domain[0] = 'a' + user;
			fill(domain, user);
			shedding_begin(&s);
			/* nobody gives back anything when nobody waits */
			if (s.backlog.ids.count == 0) {
				struct backlog_waiter w = {
				    .id = "x", .key = {9999, 9999}};

				backlog_put(&s.backlog, &w, 0);
			}
		}
	ATF_CHECK(admission_free(&s) >= 60);
	for (uint64_t user = 1; user <= 9; ++user) {
		size_t n = submitter_find(&s.active.users, user)->messages;

		ATF_CHECK_MSG(n >= 60 && n <= 160, "user %d has %zu", (int)user, n);
	}
	ATF_CHECK(has_room("z", 99));
	/* none is lost */
	ATF_CHECK_EQ(made, s.active.all.count + s.backlog.ids.count - 1);
}

ATF_TC_WITHOUT_HEAD(large_envelopes_take_places);
ATF_TC_BODY(large_envelopes_take_places, tc)
{
	s.active.most = 1000;
	ATF_CHECK_EQ(1000, admission_free(&s));
	add("a", 1);
	s.active.weight = ACTIVE_WEIGHT / 4 * 3;
	ATF_CHECK(admission_free(&s) <= 251);
	s.active.weight = ACTIVE_WEIGHT;
	ATF_CHECK_EQ(0, admission_free(&s));
	ATF_CHECK(!has_room("b", 2));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_gets_half_of_the_places);
	ATF_TP_ADD_TC(tp, a_destination_and_a_user_leave_room_for_others);
	ATF_TP_ADD_TC(tp, who_has_too_many_places_gives_some_back);
	ATF_TP_ADD_TC(tp, large_envelopes_take_places);
	return atf_no_error();
}
