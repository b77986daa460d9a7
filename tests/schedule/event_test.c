#include <atf-c.h>

#include "schedule/event.h"
#include "turns/task.h"

ATF_TC_WITHOUT_HEAD(they_come_in_their_order_also_those_put_meanwhile);
ATF_TC_BODY(they_come_in_their_order_also_those_put_meanwhile, tc)
{
	struct event_list events = {0};
	struct event e = {.kind = EVENT_REPORTED};

	ATF_CHECK_EQ(0, event_take(&events, &e));
	for (int round = 0; round < 3; ++round) {
		for (int i = 0; i < 100; ++i) {
			e.ok = i;
			event_put(&events, &e);
		}
		for (int i = 0; i < 150; ++i) {
			ATF_REQUIRE_EQ(1, event_take(&events, &e));
			ATF_CHECK_EQ(i, e.ok);
			if (i < 50) {
				e.ok = 100 + i;
				event_put(&events, &e);
			}
		}
		ATF_CHECK_EQ(0, event_take(&events, &e));
	}
	/* those that have been taken take no room */
	ATF_CHECK_EQ(0, events.count);
}

ATF_TC_WITHOUT_HEAD(the_end_of_a_job_names_its_message);
ATF_TC_BODY(the_end_of_a_job_names_its_message, tc)
{
	struct event_list events = {0};
	struct message *m = (struct message *)&events;
	struct task *job = task_make(m, NULL, NULL);
	struct event e;

	event_job_ended(&events, job);
	ATF_REQUIRE_EQ(1, event_take(&events, &e));
	ATF_CHECK_EQ(EVENT_JOB_ENDED, e.kind);
	ATF_CHECK(e.message == m);
	ATF_CHECK(e.task == job);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_come_in_their_order_also_those_put_meanwhile);
	ATF_TP_ADD_TC(tp, the_end_of_a_job_names_its_message);
	return atf_no_error();
}
