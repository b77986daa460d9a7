#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "policy/relay_room.h"

#define SOME                                                                             \
	"Z452 4.2.2 not all recipients have room for the message, try them one by one"

static const struct {
	unsigned elsewhere;
	const char *answers[4]; /* of the mailboxes, null ends them */
	const char *to_strangers;
	const char *to_ours;
} cases[] = {
    {0, {NULL}, "K", "K"},
    {1, {NULL}, "K", "K"},
    {0, {"K", NULL}, "K", "K"},
    {0, {"K", "K", NULL}, "K", "K"},
    {0, {"D552 5.2.2 full", NULL}, "D552 5.2.2 full", "D552 5.2.2 full"},
    {0, {"Z452 4.2.2 full", NULL}, "Z452 4.2.2 full", "Z452 4.2.2 full"},
    /* the one that may pass counts */
    {0, {"D552 5.2.2 full", "Z452 4.2.2 full", NULL}, "Z452 4.2.2 full",
	"Z452 4.2.2 full"},
    {0, {"Z452 4.2.2 full", "D552 5.2.2 full", NULL}, "Z452 4.2.2 full",
	"Z452 4.2.2 full"},
    {0, {"D552 5.2.2 one", "D552 5.2.3 two", NULL}, "D552 5.2.2 one", "D552 5.2.2 one"},
    /* some have room */
    {0, {"K", "D552 5.2.2 full", NULL}, SOME, "K"},
    {0, {"D552 5.2.2 full", "K", NULL}, SOME, "K"},
    {2, {"D552 5.2.2 full", NULL}, SOME, "K"},
    {1, {"K", "Z452 4.2.2 full", NULL}, SOME, "K"},
};

static void
check(size_t i, int is_ours)
{
	static struct relay_mailbox question;
	struct relay_room room = {0};
	stralloc answer = {0};
	const char *const *said = cases[i].answers;
	char address[20];
	unsigned k;

	for (k = 0; k < cases[i].elsewhere; k++)
		relay_room_add_elsewhere(&room);
	for (k = 0; said[k] != NULL; k++) {
		sprintf(address, "a%u@x.test", k);
		relay_room_add(&room, address, strlen(address), 1);
	}
	relay_room_ask(&room, 1000, is_ours);
	for (k = 0; relay_room_next(&room, &question, &answer); k++) {
		ATF_REQUIRE(said[k] != NULL);
		sprintf(address, "a%u@x.test", k);
		ATF_CHECK(memmem(question.request.s, question.request.len, address,
			      strlen(address) + 1) != NULL);
		relay_room_take(&room, said[k], strlen(said[k]));
	}
	ATF_CHECK(said[k] == NULL);
	ATF_REQUIRE(stralloc_0(&answer));
	ATF_CHECK_EQ_MSG(0,
	    strcmp(is_ours ? cases[i].to_ours : cases[i].to_strangers, answer.s),
	    "case %zu: %s", i, answer.s);
	relay_mailbox_leave(&question);
	relay_room_free(&room);
}

ATF_TC_WITHOUT_HEAD(a_message_is_taken_when_no_stranger_must_be_told);
ATF_TC_BODY(a_message_is_taken_when_no_stranger_must_be_told, tc)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check(i, 0);
		check(i, 1);
	}
}

ATF_TC_WITHOUT_HEAD(another_transaction_knows_nothing_of_the_last);
ATF_TC_BODY(another_transaction_knows_nothing_of_the_last, tc)
{
	static struct relay_mailbox question;
	struct relay_room room = {0};
	stralloc answer = {0};

	relay_room_add(&room, "a@x.test", 8, 1);
	relay_room_ask(&room, 1, 0);
	ATF_REQUIRE(relay_room_next(&room, &question, &answer));
	relay_room_take(&room, "D552 5.2.2 full", 15);
	relay_room_clear(&room);
	relay_room_ask(&room, 1, 0);
	ATF_CHECK(!relay_room_next(&room, &question, &answer));
	ATF_CHECK(answer.len == 1 && answer.s[0] == 'K');
}

ATF_TC_WITHOUT_HEAD(no_more_mailboxes_are_asked_than_a_message_has);
ATF_TC_BODY(no_more_mailboxes_are_asked_than_a_message_has, tc)
{
	static struct relay_mailbox question;
	struct relay_room room = {0};
	stralloc answer = {0};
	unsigned i, asked;

	for (i = 0; i < 1500; i++)
		relay_room_add(&room, "a@x.test", 8, 1);
	relay_room_ask(&room, 1, 0);
	for (asked = 0; relay_room_next(&room, &question, &answer); asked++)
		relay_room_take(&room, "D552 5.2.2 full", 15);
	ATF_CHECK_EQ(1000, asked);
	/* the others may have room */
	ATF_CHECK_EQ('Z', answer.s[0]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_message_is_taken_when_no_stranger_must_be_told);
	ATF_TP_ADD_TC(tp, another_transaction_knows_nothing_of_the_last);
	ATF_TP_ADD_TC(tp, no_more_mailboxes_are_asked_than_a_message_has);
	return atf_no_error();
}
