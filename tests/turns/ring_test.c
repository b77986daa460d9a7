#include <atf-c.h>

#include "turns/ring.h"

static struct ring nodes[4], *turn;

static int
number(const struct ring *node)
{
	return node != NULL ? (int)(node - nodes) : -1;
}

ATF_TC_WITHOUT_HEAD(they_have_their_turns_in_order);
ATF_TC_BODY(they_have_their_turns_in_order, tc)
{
	ATF_CHECK(ring_shift(&turn) == NULL);
	ring_put(&turn, &nodes[0]);
	ring_put(&turn, &nodes[1]);
	ring_put_first(&turn, &nodes[2]);
	ATF_CHECK_EQ(1, number(turn->prev));
	ATF_CHECK_EQ(2, number(ring_shift(&turn)));
	ATF_CHECK_EQ(0, number(ring_shift(&turn)));
	ATF_CHECK_EQ(1, number(ring_shift(&turn)));
	ATF_CHECK(turn == NULL);
}

ATF_TC_WITHOUT_HEAD(who_leaves_gives_the_turn_to_the_next);
ATF_TC_BODY(who_leaves_gives_the_turn_to_the_next, tc)
{
	for (int i = 0; i < 4; ++i)
		ring_put(&turn, &nodes[i]);
	ring_remove(&turn, &nodes[0]);
	ATF_CHECK_EQ(1, number(turn));
	ring_remove(&turn, &nodes[2]);
	ATF_CHECK_EQ(1, number(turn));
	ATF_CHECK_EQ(3, number(turn->next));
	turn = turn->next;
	ring_remove(&turn, &nodes[3]);
	ATF_CHECK_EQ(1, number(turn));
	ATF_CHECK_EQ(1, number(turn->next));
}

ATF_TC_WITHOUT_HEAD(a_node_tells_what_it_is_part_of);
ATF_TC_BODY(a_node_tells_what_it_is_part_of, tc)
{
	struct {
		int other;
		struct ring ring;
	} owner = {0};

	ATF_CHECK(&owner.other == (int *)RING_OF(&owner.ring, __typeof__(owner), ring));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_have_their_turns_in_order);
	ATF_TP_ADD_TC(tp, who_leaves_gives_the_turn_to_the_next);
	ATF_TP_ADD_TC(tp, a_node_tells_what_it_is_part_of);
	return atf_no_error();
}
