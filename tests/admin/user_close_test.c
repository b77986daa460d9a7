#include "admin/user_close.h"
#include "lib/verdict.h"
#include "user_home.h"

static void
close_it(struct user_change *c, char **argv)
{
	user_close_set(c, argv[0], 1);
}

static void
open_it(struct user_change *c, char **argv)
{
	user_close_set(c, argv[0], 0);
}

#define RUN(act, address) user_home_run(act, (char *[]){address, NULL})

ATF_TC_WITHOUT_HEAD(a_mark_before_the_hash_is_all);
ATF_TC_BODY(a_mark_before_the_hash_is_all, tc)
{
	static const char *const hashes[] = {"$6$a$b\n", "$6$a$b", "abABsalt\n"};
	char before[200], after[200];
	size_t i;

	user_home_make();
	for (i = 0; i < sizeof(hashes) / sizeof(*hashes); i++) {
		strcpy(before, "# who\nann@x.test:");
		strcat(before, hashes[i]);
		strcpy(after, "# who\nann@x.test:!");
		strcat(after, hashes[i]);
		if (strchr(hashes[i], '\n') == NULL) {
			strcat(before, "\n");
			strcat(after, "\n");
		}
		user_home_put("users/passwords", before);
		ATF_CHECK_EQ(ACCEPT, RUN(close_it, "Ann@x.test"));
		ATF_CHECK_STREQ(after, user_home_get("users/passwords"));
		ATF_CHECK_EQ(ACCEPT, RUN(open_it, "ann@x.test"));
		ATF_CHECK_STREQ(before, user_home_get("users/passwords"));
	}
}

ATF_TC_WITHOUT_HEAD(what_is_so_already_is_refused);
ATF_TC_BODY(what_is_so_already_is_refused, tc)
{
	user_home_make();
	ATF_CHECK_EQ(REJECT, RUN(open_it, "ann@x.test"));
	ATF_CHECK(strstr(user_home_get("said"), "is not closed") != NULL);
	ATF_CHECK_EQ(ACCEPT, RUN(close_it, "ann@x.test"));
	ATF_CHECK_EQ(REJECT, RUN(close_it, "ann@x.test"));
	ATF_CHECK(strstr(user_home_get("said"), "is closed already") != NULL);
	ATF_CHECK_STREQ("ann@x.test:!$6$a$b\n", user_home_get("users/passwords"));
}

ATF_TC_WITHOUT_HEAD(who_has_no_password_or_mailbox_is_refused);
ATF_TC_BODY(who_has_no_password_or_mailbox_is_refused, tc)
{
	user_home_make();
	ATF_CHECK_EQ(REJECT, RUN(close_it, "bob@x.test"));
	ATF_CHECK(strstr(user_home_get("said"), "no password") != NULL);
	ATF_CHECK_EQ(REJECT, RUN(close_it, "postmaster@x.test"));
	ATF_CHECK(strstr(user_home_get("said"), "is an alias") != NULL);
	ATF_CHECK_EQ(REJECT, RUN(close_it, "nobody@x.test"));
	ATF_CHECK_STREQ("ann@x.test:$6$a$b\n", user_home_get("users/passwords"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_mark_before_the_hash_is_all);
	ATF_TP_ADD_TC(tp, what_is_so_already_is_refused);
	ATF_TP_ADD_TC(tp, who_has_no_password_or_mailbox_is_refused);
	return atf_no_error();
}
