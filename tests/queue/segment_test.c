#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "queue/record.h"
#include "queue/replay.h"
#include "queue/segment.h"

#define SIZE (16 * SEGMENT_BLOCK)

static const struct segment segment = {
    .generation = 7, .size = SIZE + SEGMENT_BLOCK, .key = {0x0123456789abcdef, 42}};

static char bytes[SIZE + SEGMENT_BLOCK];

/* A batch of len bytes at a place; returns where the next one goes. */
static size_t
put(size_t at, uint64_t sequence, size_t len, char fill)
{
	memset(bytes + at + SEGMENT_BATCH_HEAD, fill, len - SEGMENT_BATCH_HEAD);
	return at + segment_seal(&segment, sequence, bytes + at, len);
}

static struct replay
reading(void)
{
	return (struct replay){.segment = &segment, .s = bytes, .len = SIZE};
}

ATF_TC_WITHOUT_HEAD(a_head_says_what_was_written);
ATF_TC_BODY(a_head_says_what_was_written, tc)
{
	char block[SEGMENT_BLOCK];
	struct segment s;

	segment_format(block, &segment);
	ATF_REQUIRE_EQ(1, segment_parse(&s, block));
	ATF_CHECK_EQ(7, s.generation);
	ATF_CHECK_EQ(SIZE + SEGMENT_BLOCK, s.size);
	ATF_CHECK_EQ(segment.key[0], s.key[0]);
	ATF_CHECK_EQ(segment.key[1], s.key[1]);
	for (size_t i = 0; i < 56; i++) {
		block[i] ^= 1;
		ATF_CHECK_EQ_MSG(0, segment_parse(&s, block), "byte %zu", i);
		block[i] ^= 1;
	}
	memset(block, 0, sizeof block);
	ATF_CHECK_EQ(0, segment_parse(&s, block));
}

ATF_TC_WITHOUT_HEAD(every_byte_of_a_batch_counts);
ATF_TC_BODY(every_byte_of_a_batch_counts, tc)
{
	uint64_t sequence = 0;
	size_t i;

	ATF_CHECK_EQ(SEGMENT_BLOCK, put(0, 3, 200, 'x'));
	ATF_CHECK_EQ(200, segment_batch(&segment, bytes, SIZE, &sequence));
	ATF_CHECK_EQ(3, sequence);
	ATF_CHECK_EQ(200, segment_batch(&segment, bytes, 200, &sequence));
	ATF_CHECK_EQ(0, segment_batch(&segment, bytes, 199, &sequence));
	ATF_CHECK_EQ(0, segment_batch(&segment, bytes, 0, &sequence));
	ATF_CHECK_EQ(200, segment_begins(&segment, bytes, SIZE, 3));
	ATF_CHECK_EQ(199, segment_begins(&segment, bytes, 199, 3));
	ATF_CHECK_EQ(0, segment_begins(&segment, bytes, 30, 3));
	ATF_CHECK_EQ(0, segment_begins(&segment, bytes, SIZE, 4));
	for (i = 0; i < 200; i++) {
		bytes[i] ^= 0x10;
		ATF_CHECK_EQ_MSG(
		    0, segment_batch(&segment, bytes, SIZE, &sequence), "byte %zu", i);
		bytes[i] ^= 0x10;
	}
}

ATF_TC_WITHOUT_HEAD(another_segment_has_other_batches);
ATF_TC_BODY(another_segment_has_other_batches, tc)
{
	struct segment later = segment, other = segment;
	uint64_t sequence;

	put(0, 0, 200, 'x');
	later.generation = 8;
	other.key[1] = 43;
	ATF_CHECK_EQ(0, segment_batch(&later, bytes, SIZE, &sequence));
	ATF_CHECK_EQ(0, segment_begins(&later, bytes, SIZE, 3));
	ATF_CHECK_EQ(0, segment_batch(&other, bytes, SIZE, &sequence));
}

ATF_TC_WITHOUT_HEAD(zeros_are_the_end);
ATF_TC_BODY(zeros_are_the_end, tc)
{
	struct replay r = reading();
	size_t from, to;

	memset(bytes, 0, sizeof bytes);
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(0, r.at);
}

ATF_TC_WITHOUT_HEAD(batches_come_in_their_order);
ATF_TC_BODY(batches_come_in_their_order, tc)
{
	struct replay r = reading();
	size_t from, to, at;

	memset(bytes, 0, sizeof bytes);
	at = put(0, 0, SEGMENT_BLOCK, 'a');
	ATF_CHECK_EQ(SEGMENT_BLOCK, at);
	at = put(at, 1, SEGMENT_BLOCK + 1, 'b');
	ATF_CHECK_EQ(3 * SEGMENT_BLOCK, at);
	put(at, 2, SEGMENT_BATCH_HEAD, 'c');
	ATF_REQUIRE_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(SEGMENT_BATCH_HEAD, from);
	ATF_CHECK_EQ(SEGMENT_BLOCK, to);
	ATF_REQUIRE_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ('b', bytes[from]);
	ATF_CHECK_EQ(SEGMENT_BLOCK + 1, to - from + SEGMENT_BATCH_HEAD);
	ATF_REQUIRE_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(0, to - from);
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(4 * SEGMENT_BLOCK, r.at);
}

ATF_TC_WITHOUT_HEAD(a_torn_batch_is_the_end);
ATF_TC_BODY(a_torn_batch_is_the_end, tc)
{
	struct replay r = reading();
	size_t from, to, at;

	memset(bytes, 0, sizeof bytes);
	at = put(0, 0, 100, 'a');
	put(at, 1, 3 * SEGMENT_BLOCK, 'b');
	memset(bytes + at + SEGMENT_BLOCK, 0, SEGMENT_BLOCK);
	ATF_CHECK_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(at, r.at);
}

ATF_TC_WITHOUT_HEAD(what_is_damaged_is_passed_over);
ATF_TC_BODY(what_is_damaged_is_passed_over, tc)
{
	struct replay r = reading();
	size_t from, to, first, second, third;

	memset(bytes, 0, sizeof bytes);
	first = put(0, 0, 100, 'a');
	second = put(first, 1, 3 * SEGMENT_BLOCK, 'b');
	third = put(second, 2, 200, 'c');
	put(third, 3, 200, 'd');
	bytes[first + 1000] ^= 1;
	bytes[second + 100] ^= 1;
	ATF_CHECK_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_REQUIRE_EQ(REPLAY_DAMAGE, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(first, from);
	ATF_CHECK_EQ(third, to);
	ATF_REQUIRE_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ('d', bytes[from]);
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
}

ATF_TC_WITHOUT_HEAD(an_earlier_batch_is_no_later_one);
ATF_TC_BODY(an_earlier_batch_is_no_later_one, tc)
{
	struct replay r = reading();
	size_t from, to, at;

	memset(bytes, 0, sizeof bytes);
	at = put(0, 0, 100, 'a');
	at = put(at, 1, 100, 'b');
	put(at, 1, 100, 'c');
	ATF_CHECK_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
}

ATF_TC_WITHOUT_HEAD(a_batch_may_fill_the_segment);
ATF_TC_BODY(a_batch_may_fill_the_segment, tc)
{
	struct replay r = reading();
	size_t from, to;

	put(0, 0, SIZE, 'a');
	ATF_REQUIRE_EQ(REPLAY_BATCH, replay_next(&r, &from, &to));
	ATF_CHECK_EQ(SIZE, to);
	ATF_CHECK_EQ(REPLAY_END, replay_next(&r, &from, &to));
}

ATF_TC_WITHOUT_HEAD(records_come_as_they_were_put);
ATF_TC_BODY(records_come_as_they_were_put, tc)
{
	static const struct record given[] = {
	    {RECORD_MESSAGE, "0hofc52zpb5l953d9rf5s5a3", 1, 0, "body\0x", 6},
	    {RECORD_SETTLED, "0hofc52zpb5l953d9rf5s5a4", 2, 0, "", 0},
	    {RECORD_PREPARED, "0hofc52zpb5l953d9rf5s5a5", UINT64_MAX, 77, "a@b.c", 5},
	};
	size_t n = sizeof given / sizeof *given, at = 0;
	stralloc sa = {0};
	struct record r;
	ssize_t taken;

	for (size_t i = 0; i < n; i++)
		record_put(&sa, &given[i]);
	for (size_t i = 0; i < n; i++) {
		taken = record_parse(&r, sa.s + at, sa.len - at);
		ATF_REQUIRE(taken > 0);
		ATF_CHECK_EQ(given[i].type, r.type);
		ATF_CHECK_STREQ(given[i].id, r.id);
		ATF_CHECK_EQ(given[i].time, r.time);
		ATF_CHECK_EQ(given[i].boot, r.boot);
		ATF_REQUIRE_EQ(given[i].len, r.len);
		ATF_CHECK(memcmp(given[i].body, r.body, r.len) == 0);
		ATF_CHECK_EQ(-1, record_parse(&r, sa.s + at, (size_t)taken - 1));
		at += (size_t)taken;
	}
	ATF_CHECK_EQ(sa.len, at);
	ATF_CHECK_EQ(-1, record_parse(&r, sa.s, 0));
	sa.s[0] = 'Y';
	ATF_CHECK_EQ(-1, record_parse(&r, sa.s, sa.len));
	sa.s[0] = 'M';
	sa.s[8] = '/';
	ATF_CHECK_EQ(-1, record_parse(&r, sa.s, sa.len));
	stralloc_free(&sa);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_head_says_what_was_written);
	ATF_TP_ADD_TC(tp, every_byte_of_a_batch_counts);
	ATF_TP_ADD_TC(tp, another_segment_has_other_batches);
	ATF_TP_ADD_TC(tp, zeros_are_the_end);
	ATF_TP_ADD_TC(tp, batches_come_in_their_order);
	ATF_TP_ADD_TC(tp, a_torn_batch_is_the_end);
	ATF_TP_ADD_TC(tp, what_is_damaged_is_passed_over);
	ATF_TP_ADD_TC(tp, an_earlier_batch_is_no_later_one);
	ATF_TP_ADD_TC(tp, a_batch_may_fill_the_segment);
	ATF_TP_ADD_TC(tp, records_come_as_they_were_put);
	return atf_no_error();
}
