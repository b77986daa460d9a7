#include <atf-c.h>

#include "deliver/room.h"
#include "lib/deadline.h"

#define MIB 1048576ull
#define QUOTA (100 * MIB)

ATF_TC_WITHOUT_HEAD(nothing_is_known_to_begin_with);
ATF_TC_BODY(nothing_is_known_to_begin_with, tc)
{
	struct room room = {0};

	ATF_CHECK(!room_take(&room, QUOTA, 1));
	ATF_CHECK(!room_take(&room, 0, 1));
}

ATF_TC_WITHOUT_HEAD(what_is_let_in_is_taken_off);
ATF_TC_BODY(what_is_let_in_is_taken_off, tc)
{
	struct room room = {0};
	unsigned long long sum = MIB;

	room_set(&room, QUOTA, 10 * MIB, MIB);
	room.until = INT64_MAX; /* however slow the machine is */
	ATF_CHECK(!room_take(&room, QUOTA + 1, 1));
	while (room_take(&room, QUOTA, MIB + 1))
		sum += MIB + 1;
	ATF_CHECK_MSG(sum > 7 * MIB && sum <= 9 * MIB, "%llu", sum);
	ATF_CHECK(room_take(&room, QUOTA, 9 * MIB - sum));
	ATF_CHECK(!room_take(&room, QUOTA, 1));
	/* a message for which there was just room leaves none */
	room_set(&room, QUOTA, 5, 6);
	room.until = INT64_MAX;
	ATF_CHECK(!room_take(&room, QUOTA, 0));
}

ATF_TC_WITHOUT_HEAD(it_counts_for_a_second);
ATF_TC_BODY(it_counts_for_a_second, tc)
{
	struct room room = {0};
	int64_t before = deadline_now();

	room_set(&room, QUOTA, 10 * MIB, 0);
	ATF_CHECK(room.until >= before + 1000 && room.until <= deadline_now() + 1000);
	room.until = deadline_now();
	ATF_CHECK(!room_take(&room, QUOTA, 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nothing_is_known_to_begin_with);
	ATF_TP_ADD_TC(tp, what_is_let_in_is_taken_off);
	ATF_TP_ADD_TC(tp, it_counts_for_a_second);
	return atf_no_error();
}
