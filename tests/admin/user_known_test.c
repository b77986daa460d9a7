#include <string.h>

#include <atf-c.h>

#include "admin/user_known.h"

static struct user_files files = {
    .mailboxes.name = USER_MAILBOXES,
    .aliases.name = USER_ALIASES,
    .domains.name = USER_DOMAINS,
};
static struct text_line line = {.number = 7};
static struct user_line user;

static int
enter_mailbox(const char *address)
{
	ATF_REQUIRE(stralloc_copys(&user.key, address));
	return user_known_enter(&files, &files.mailboxes, &line, &user.key);
}

/* targets end in \0, the last one twice. */
static int
enter_alias(const char *address, const char *targets)
{
	ATF_REQUIRE(stralloc_copys(&user.key, address));
	for (user.targets.len = 0; *targets != '\0'; targets += strlen(targets) + 1)
		ATF_REQUIRE(stralloc_catb(&user.targets, targets, strlen(targets) + 1));
	return user_known_enter_alias(&files, &line, &user);
}

ATF_TC_WITHOUT_HEAD(an_address_stands_once);
ATF_TC_BODY(an_address_stands_once, tc)
{
	ATF_CHECK_EQ(1, enter_mailbox("a@x.test"));
	ATF_CHECK_EQ(1, enter_mailbox("b@x.test"));
	ATF_CHECK_EQ(0, files.wrong);
	ATF_CHECK_EQ(0, enter_mailbox("a@x.test"));
	ATF_CHECK_EQ(1, files.wrong);
	ATF_CHECK_EQ(1, enter_alias("c@x.test", "a@x.test\0"));
	ATF_CHECK_EQ(0, enter_alias("c@x.test", "b@x.test\0"));
	ATF_CHECK_EQ(2, files.wrong);
	ATF_CHECK_EQ(1, enter_alias("@x.test", "b@x.test\0"));
	ATF_CHECK_EQ(0, enter_alias("@x.test", "b@x.test\0"));
	ATF_CHECK_EQ(3, files.wrong);
}

ATF_TC_WITHOUT_HEAD(a_mailbox_is_an_alias_once_and_keeps_a_copy);
ATF_TC_BODY(a_mailbox_is_an_alias_once_and_keeps_a_copy, tc)
{
	ATF_CHECK_EQ(1, enter_mailbox("a@x.test"));
	ATF_CHECK_EQ(0, enter_alias("a@x.test", "b@x.test\0"));
	ATF_CHECK_EQ(1, files.wrong);
	ATF_CHECK_EQ(0, enter_alias("a@x.test", "aa@x.test\0a@x.tes\0"));
	ATF_CHECK_EQ(2, files.wrong);
	ATF_CHECK_EQ(1, enter_alias("a@x.test", "b@x.test\0\"A\"@X.test\0"));
	ATF_CHECK_EQ(2, files.wrong);
	ATF_CHECK_EQ(0, enter_alias("a@x.test", "a@x.test\0"));
	ATF_CHECK_EQ(3, files.wrong);
}

ATF_TC_WITHOUT_HEAD(mailboxes_need_a_domain);
ATF_TC_BODY(mailboxes_need_a_domain, tc)
{
	user_known_lacks_domains(&files);
	ATF_CHECK_EQ(0, files.wrong);
	ATF_REQUIRE(stralloc_copys(&files.mailboxes.bytes, "# a\n\na@x.test:1:1:\n"));
	user_known_lacks_domains(&files);
	ATF_CHECK_EQ(1, files.wrong);
	ATF_REQUIRE(stralloc_copys(&files.domains.bytes, "# x.test\n"));
	user_known_lacks_domains(&files);
	ATF_CHECK_EQ(2, files.wrong);
	ATF_REQUIRE(stralloc_copys(&files.domains.bytes, "# none\nx.test\n"));
	user_known_lacks_domains(&files);
	ATF_CHECK_EQ(2, files.wrong);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_address_stands_once);
	ATF_TP_ADD_TC(tp, a_mailbox_is_an_alias_once_and_keeps_a_copy);
	ATF_TP_ADD_TC(tp, mailboxes_need_a_domain);
	return atf_no_error();
}
