#include <string.h>

#include <atf-c.h>

#include "turns/submitter.h"

static uint64_t
key(const char *user, const char *sender, const char *client)
{
	struct envelope_parameter parameters[2];
	struct envelope e = {.sender = sender, .parameters = parameters};

	if (user != NULL)
		parameters[e.message_parameters++] =
		    (struct envelope_parameter){"AUTHUSER", user};
	if (client != NULL)
		parameters[e.message_parameters++] =
		    (struct envelope_parameter){"CLIENT", client};
	e.all_parameters = e.message_parameters;
	return submitter_key(&e, 0);
}

ATF_TC_WITHOUT_HEAD(it_is_who_authenticated_else_the_sender_else_the_client);
ATF_TC_BODY(it_is_who_authenticated_else_the_sender_else_the_client, tc)
{
	ATF_CHECK(key("u@a", "x@a", NULL) == key("u@a", "y@a", "192.0.2.1"));
	ATF_CHECK(key("u@a", "x@a", NULL) != key("v@a", "x@a", NULL));
	ATF_CHECK(key(NULL, "x@a", "192.0.2.1") == key(NULL, "x@a", "192.0.2.2"));
	ATF_CHECK(key(NULL, "x@a", NULL) != key(NULL, "y@a", NULL));
	ATF_CHECK(key(NULL, "", "192.0.2.1") != key(NULL, "", "192.0.2.2"));
	ATF_CHECK(key(NULL, "", NULL) == key(NULL, "", NULL));
}

ATF_TC_WITHOUT_HEAD(a_list_with_an_extension_for_each_recipient_is_one_sender);
ATF_TC_BODY(a_list_with_an_extension_for_each_recipient_is_one_sender, tc)
{
	ATF_CHECK(key(NULL, "list+a=b.c@l.test", NULL) == key(NULL, "list@l.test", NULL));
	ATF_CHECK(key(NULL, "list+x@l.test", NULL) != key(NULL, "list@m.test", NULL));
	ATF_CHECK(key(NULL, "a+b", NULL) != key(NULL, "a", NULL));
}

ATF_TC_WITHOUT_HEAD(a_user_is_known_while_messages_are_active);
ATF_TC_BODY(a_user_is_known_while_messages_are_active, tc)
{
	static struct submitter_table t;
	/* three in the same slot, in a table of any size */
	struct submitter *a = submitter_enter(&t, 5);
	struct submitter *b = submitter_enter(&t, 5 + 1024);
	struct submitter *c = submitter_enter(&t, 5 + 2 * 1024);

	ATF_CHECK(a != b && b != c);
	ATF_CHECK(submitter_enter(&t, 5) == a);
	ATF_CHECK_EQ(2, a->messages);
	submitter_leave(&t, b);
	ATF_CHECK(submitter_find(&t, 5 + 1024) == NULL);
	submitter_leave(&t, a);
	ATF_CHECK(submitter_find(&t, 5) == a);
	submitter_leave(&t, a);
	submitter_leave(&t, c);
	ATF_CHECK(t.all.count == 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_is_who_authenticated_else_the_sender_else_the_client);
	ATF_TP_ADD_TC(tp, a_list_with_an_extension_for_each_recipient_is_one_sender);
	ATF_TP_ADD_TC(tp, a_user_is_known_while_messages_are_active);
	return atf_no_error();
}
