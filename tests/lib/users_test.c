#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <cdb_make.h>

#include "lib/users.h"

struct record {
	const char *key;
	const char *data;
	size_t len;
};

#define RECORD(key, data)                                                                \
	{                                                                                \
		key, data, sizeof(data) - 1                                              \
	}

static const struct record ours[] = {RECORD("dexample.test", ""),
    RECORD("dother.test", ""), RECORD("malice@example.test", "1000:1001:"),
    RECORD("mbob@example.test", "1002:1003:52428800"),
    RECORD("mcarl+x@example.test", "1004:1004:0"),
    RECORD("ateam@example.test", "alice@example.test\0dave@example.org\0"),
    RECORD("cother.test", "alice@example.test\0"), RECORD("dbücher.test", ""),
    RECORD("mé@bücher.test", "1000:1001:"), RECORD("dxn--gre-6ka8l.test", ""),
    RECORD("malice@xn--gre-6ka8l.test", "1000:1001:")};

static struct users users;
static struct user user;

static void
make_cdb(const struct record *records, size_t n)
{
	struct cdb_make cdb;
	size_t i;
	int fd;

	mkdir("users", 0700);
	fd = open(USERS_CDB, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE(cdb_make_start(&cdb, fd) != -1);
	for (i = 0; i < n; i++)
		ATF_REQUIRE_EQ(
		    0, cdb_make_add(&cdb, (const unsigned char *)records[i].key,
			   strlen(records[i].key), (const unsigned char *)records[i].data,
			   records[i].len));
	ATF_REQUIRE(cdb_make_finish(&cdb) != -1);
	close(fd);
}

static void
open_ours(void)
{
	make_cdb(ours, sizeof(ours) / sizeof(ours[0]));
	ATF_REQUIRE_EQ(0, users_open(&users));
}

static int
find(const char *address)
{
	return users_find(&users, address, strlen(address), &user);
}

ATF_TC_WITHOUT_HEAD(domains_are_found_in_any_case);
ATF_TC_BODY(domains_are_found_in_any_case, tc)
{
	open_ours();
	ATF_CHECK_EQ(1, users_domain(&users, "example.test", 12));
	ATF_CHECK_EQ(1, users_domain(&users, "EXAMPLE.Test.", 13));
	ATF_CHECK_EQ(0, users_domain(&users, "example.tes", 11));
	ATF_CHECK_EQ(0, users_domain(&users, "xample.test", 11));
	ATF_CHECK_EQ(0, users_domain(&users, "", 0));
	ATF_CHECK_EQ(0, users_domain(&users, ".", 1));
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(a_mailbox_is_found_with_its_owner_and_quota);
ATF_TC_BODY(a_mailbox_is_found_with_its_owner_and_quota, tc)
{
	open_ours();
	ATF_REQUIRE_EQ(1, find("Alice@Example.TEST"));
	ATF_CHECK_EQ(USER_MAILBOX, user.kind);
	ATF_CHECK_STREQ("alice@example.test", user.address.s);
	ATF_CHECK_EQ(1000, user.uid);
	ATF_CHECK_EQ(1001, user.gid);
	ATF_CHECK(!user.has_quota);
	ATF_REQUIRE_EQ(1, find("\"bob\"@example.test."));
	ATF_CHECK_STREQ("bob@example.test", user.address.s);
	ATF_CHECK(user.has_quota);
	ATF_CHECK_EQ(52428800, user.quota);
	ATF_REQUIRE_EQ(1, find("carl+x@example.test"));
	ATF_CHECK(user.has_quota);
	ATF_CHECK_EQ(0, user.quota);
	ATF_CHECK_EQ(0, find("dave@example.test"));
	ATF_CHECK_EQ(USER_NONE, user.kind);
	ATF_CHECK_EQ(0, find("alice"));
	ATF_CHECK_EQ(0, find("@example.test"));
	ATF_CHECK_EQ(0, find("alice@"));
	ATF_CHECK_EQ(0, find(""));
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(an_alias_is_found_with_its_targets);
ATF_TC_BODY(an_alias_is_found_with_its_targets, tc)
{
	static const char targets[] = "alice@example.test\0dave@example.org";

	open_ours();
	ATF_REQUIRE_EQ(1, find("team@example.test"));
	ATF_CHECK_EQ(USER_ALIAS, user.kind);
	ATF_REQUIRE_EQ(sizeof(targets), user.targets.len);
	ATF_CHECK(memcmp(user.targets.s, targets, sizeof(targets)) == 0);
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(the_extension_is_dropped_when_nobody_has_it);
ATF_TC_BODY(the_extension_is_dropped_when_nobody_has_it, tc)
{
	open_ours();
	ATF_REQUIRE_EQ(1, find("alice+lists+x@example.test"));
	ATF_CHECK_STREQ("alice@example.test", user.address.s);
	ATF_REQUIRE_EQ(1, find("team+x@example.test"));
	ATF_CHECK_STREQ("team@example.test", user.address.s);
	ATF_CHECK_EQ(0, find("carl@example.test"));
	ATF_CHECK_EQ(0, find("+alice@example.test"));
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(what_is_left_goes_to_the_catch_all);
ATF_TC_BODY(what_is_left_goes_to_the_catch_all, tc)
{
	open_ours();
	ATF_REQUIRE_EQ(1, find("anybody@other.test"));
	ATF_CHECK_EQ(USER_ALIAS, user.kind);
	ATF_CHECK_STREQ("@other.test", user.address.s);
	ATF_CHECK_STREQ("alice@example.test", user.targets.s);
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(records_that_make_no_sense_are_damage);
ATF_TC_BODY(records_that_make_no_sense_are_damage, tc)
{
	static const struct record bad[] = {RECORD("ma@b", ""), RECORD("mb@b", "1:2"),
	    RECORD("mc@b", "1:2:x"), RECORD("md@b", "-1:2:"), RECORD("me@b", "1:2:3:4"),
	    RECORD("mf@b", "4294967295:2:"), RECORD("mg@b", "1::"), RECORD("ah@b", ""),
	    RECORD("ai@b", "a@b"), RECORD("aj@b", "\0"), RECORD("ck", "")};
	char address[] = "a@b";

	make_cdb(bad, sizeof(bad) / sizeof(bad[0]));
	ATF_REQUIRE_EQ(0, users_open(&users));
	for (; address[0] <= 'j'; address[0]++) {
		errno = 0;
		ATF_CHECK_EQ_MSG(-1, find(address), "%s", address);
		ATF_CHECK_EQ(EINVAL, errno);
		ATF_CHECK_EQ(USER_NONE, user.kind);
	}
	ATF_CHECK_EQ(-1, find("x@k"));
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(what_is_no_cdb_is_told);
ATF_TC_BODY(what_is_no_cdb_is_told, tc)
{
	ATF_CHECK_EQ(-1, users_open(&users));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_REQUIRE_EQ(0, mkdir("users", 0700));
	ATF_CHECK_EQ(-1, users_open(&users));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_REQUIRE_EQ(0, mkfifo(USERS_CDB, 0600));
	errno = 0;
	ATF_CHECK_EQ(-1, users_open(&users));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_REQUIRE_EQ(0, unlink(USERS_CDB));
	ATF_REQUIRE_EQ(0, mkdir(USERS_CDB, 0700));
	ATF_CHECK_EQ(-1, users_open(&users));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_REQUIRE_EQ(0, rmdir(USERS_CDB));
	make_cdb(ours, 1);
	ATF_REQUIRE_EQ(0, truncate(USERS_CDB, 2047));
	ATF_CHECK_EQ(-1, users_open(&users));
	ATF_CHECK_EQ(EINVAL, errno);
}

/* Ask what is there and what is not; any answer will do, as long as one comes. */
static void
ask_everything(void)
{
	if (users_open(&users) == -1)
		return;
	users_domain(&users, "example.test", 12);
	users_domain(&users, "missing.test", 12);
	find("alice@example.test");
	find("team@example.test");
	find("missing@other.test");
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(a_file_cut_anywhere_is_damage_or_says_nothing_wrong);
ATF_TC_BODY(a_file_cut_anywhere_is_damage_or_says_nothing_wrong, tc)
{
	struct stat st;
	off_t len;

	open_ours();
	users_close(&users);
	ATF_REQUIRE_EQ(0, stat(USERS_CDB, &st));
	for (len = st.st_size - 1; len >= 2048; len--) {
		ATF_REQUIRE_EQ(0, truncate(USERS_CDB, len));
		ATF_REQUIRE_EQ(0, users_open(&users));
		if (find("alice@example.test") == 1)
			ATF_CHECK(user.kind == USER_MAILBOX && user.uid == 1000);
		find("missing@other.test");
		users_close(&users);
	}
	/* nothing but the first table: every key that has a place is out of it */
	ATF_REQUIRE_EQ(0, users_open(&users));
	ATF_CHECK_EQ(-1, find("alice@example.test"));
	ATF_CHECK_EQ(-1, users_domain(&users, "example.test", 12));
	users_close(&users);
}

ATF_TC_WITHOUT_HEAD(random_bytes_neither_crash_nor_loop);
ATF_TC_BODY(random_bytes_neither_crash_nor_loop, tc)
{
	unsigned char bytes[4096];
	int fd, round, i;

	ATF_REQUIRE_EQ(0, mkdir("users", 0700));
	fd = open(USERS_CDB, O_RDWR | O_CREAT, 0600);
	srandom(1);
	for (round = 0; round < 300; round++) {
		for (i = 0; i < (int)sizeof(bytes); i++)
			bytes[i] = (unsigned char)random();
		/* sometimes places inside the file, in tables that claim to be endless */
		for (i = 0; i < 2048 && round % 2; i += 4) {
			bytes[i + 1] &= 0x0f;
			bytes[i + 2] = bytes[i + 3] = i % 8 ? 0x7f : 0;
		}
		ATF_REQUIRE_EQ(sizeof(bytes), pwrite(fd, bytes, sizeof(bytes), 0));
		ask_everything();
	}
}

ATF_TC_WITHOUT_HEAD(a_home_is_a_folder_of_the_domain);
ATF_TC_BODY(a_home_is_a_folder_of_the_domain, tc)
{
	static const char *const bad[] = {"alice", "@example.test", "alice@", "../x@y",
	    ".@y", "..@y", "a/b@y", "a@..", "a@../x", "a@/x", "a\n@y", ""};
	stralloc sa = {0};
	size_t i;

	ATF_CHECK(users_folder(&sa, "alice@example.test"));
	ATF_CHECK_STREQ("mail/example.test/alice", sa.s);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sa.len = 0;
		ATF_CHECK_MSG(!users_folder(&sa, bad[i]), "%s", bad[i]);
		ATF_CHECK_EQ(0, sa.len);
	}
}

ATF_TC_WITHOUT_HEAD(a_domain_is_found_in_both_forms);
ATF_TC_BODY(a_domain_is_found_in_both_forms, tc)
{
	static const char *const found[] = {"é@xn--bcher-kva.test",
	    "é@XN--bcher-KVA.test", "é@Bücher.test", "Alice+x@grüße.test",
	    "alice@xn--gre-6ka8l.test"};
	size_t i;

	open_ours();
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		ATF_CHECK_EQ_MSG(1,
		    users_domain(&users, strchr(found[i], '@') + 1,
			strlen(strchr(found[i], '@') + 1)),
		    "%s", found[i]);
		ATF_CHECK_EQ_MSG(1, users_find(&users, found[i], strlen(found[i]), &user),
		    "%s", found[i]);
		ATF_CHECK_EQ(USER_MAILBOX, user.kind);
	}
	ATF_CHECK_EQ(0, users_domain(&users, "xn--bcher-kvb.test", 18));
	users_close(&users);
}

/* Under the sanitizer what is not set has a pattern, which would be unmapped. */
ATF_TC_WITHOUT_HEAD(what_was_there_before_does_not_matter);
ATF_TC_BODY(what_was_there_before_does_not_matter, tc)
{
	struct users dirty;
	char *page =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	make_cdb(ours, 1);
	ATF_REQUIRE(page != MAP_FAILED);
	memset(&dirty, 0x5a, sizeof dirty);
	dirty.cdb.map = page;
	dirty.cdb.size = 4096;
	ATF_REQUIRE_EQ(0, users_open(&dirty));
	page[0] = 1; /* is still ours */
	users_close(&dirty);
	munmap(page, 4096);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_there_before_does_not_matter);
	ATF_TP_ADD_TC(tp, a_domain_is_found_in_both_forms);
	ATF_TP_ADD_TC(tp, domains_are_found_in_any_case);
	ATF_TP_ADD_TC(tp, a_mailbox_is_found_with_its_owner_and_quota);
	ATF_TP_ADD_TC(tp, an_alias_is_found_with_its_targets);
	ATF_TP_ADD_TC(tp, the_extension_is_dropped_when_nobody_has_it);
	ATF_TP_ADD_TC(tp, what_is_left_goes_to_the_catch_all);
	ATF_TP_ADD_TC(tp, records_that_make_no_sense_are_damage);
	ATF_TP_ADD_TC(tp, what_is_no_cdb_is_told);
	ATF_TP_ADD_TC(tp, a_file_cut_anywhere_is_damage_or_says_nothing_wrong);
	ATF_TP_ADD_TC(tp, random_bytes_neither_crash_nor_loop);
	ATF_TP_ADD_TC(tp, a_home_is_a_folder_of_the_domain);
	return atf_no_error();
}
