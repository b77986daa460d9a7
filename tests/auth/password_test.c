#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <cdb_make.h>

#include "auth/password.h"

static stralloc hash;

static void
make_passwords(const char *const *pairs)
{
	struct cdb_make cdb;
	int fd;

	mkdir("users", 0700);
	fd = open(PASSWORD_CDB, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE(cdb_make_start(&cdb, fd) != -1);
	for (; *pairs != NULL; pairs += 2)
		ATF_REQUIRE_EQ(0,
		    cdb_make_add(&cdb, (const unsigned char *)pairs[0], strlen(pairs[0]),
			(const unsigned char *)pairs[1], strlen(pairs[1])));
	ATF_REQUIRE(cdb_make_finish(&cdb) != -1);
	close(fd);
}

static int
find(const char *key)
{
	return password_find(key, strlen(key), &hash);
}

ATF_TC_WITHOUT_HEAD(only_the_right_password_matches);
ATF_TC_BODY(only_the_right_password_matches, tc)
{
	char yescrypt[256], sha512[256];

	strcpy(yescrypt, crypt("secret", "$y$j75$abcdefghijklmnop$"));
	strcpy(sha512, crypt("secret", "$6$rounds=1000$salt$"));
	ATF_REQUIRE(*yescrypt == '$' && *sha512 == '$');
	ATF_CHECK(password_matches(yescrypt, "secret"));
	ATF_CHECK(password_matches(sha512, "secret"));
	ATF_CHECK(!password_matches(yescrypt, "Secret"));
	ATF_CHECK(!password_matches(yescrypt, "secret "));
	ATF_CHECK(!password_matches(yescrypt, ""));
	ATF_CHECK(!password_matches(sha512, "secre"));
	yescrypt[strlen(yescrypt) - 1] = '\0';
	ATF_CHECK(!password_matches(yescrypt, "secret"));
}

ATF_TC_WITHOUT_HEAD(what_is_no_hash_matches_nothing);
ATF_TC_BODY(what_is_no_hash_matches_nothing, tc)
{
	static const char *const closed[] = {
	    "", "*", "!", "*0", "*1", "x", "secret", "$y$", "$99$a$b", "!$6$salt$hash"};
	size_t i;

	for (i = 0; i < sizeof(closed) / sizeof(*closed); i++) {
		ATF_CHECK(!password_matches(closed[i], "secret"));
		ATF_CHECK(!password_matches(closed[i], ""));
		ATF_CHECK(!password_matches(closed[i], closed[i]));
	}
}

ATF_TC_WITHOUT_HEAD(an_unknown_user_gets_the_hash_of_somebody_else);
ATF_TC_BODY(an_unknown_user_gets_the_hash_of_somebody_else, tc)
{
	static const char *const pairs[] = {
	    "joe@example.test", "$6$rounds=1000$salt$x", "ann@example.test", "!", NULL};

	make_passwords(pairs);
	ATF_CHECK_EQ(1, find("joe@example.test"));
	ATF_CHECK_STREQ("$6$rounds=1000$salt$x", hash.s);
	ATF_CHECK_EQ(1, find("ann@example.test"));
	ATF_CHECK_STREQ("!", hash.s);
	ATF_CHECK_EQ(0, find("tom@example.test"));
	ATF_CHECK_STREQ("$6$rounds=1000$salt$x", hash.s);
	ATF_CHECK_EQ(0, find(""));
}

/* The keys of "pencil" in RFC 7677 are not what matters here. */
#define KEYS                                                                             \
	"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"                                   \
	"WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"                                  \
	"wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="

static void
make_keys(const char *password)
{
	static const char address[] = "joe@example.test";
	struct cdb_make cdb;
	int fd;

	mkdir("users", 0700);
	fd = open(PASSWORD_CDB, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE(cdb_make_start(&cdb, fd) != -1);
	if (password != NULL)
		cdb_make_add(&cdb, (const unsigned char *)address, sizeof address - 1,
		    (const unsigned char *)password, strlen(password));
	cdb_make_add(&cdb, (const unsigned char *)"\0joe@example.test", sizeof address,
	    (const unsigned char *)KEYS, strlen(KEYS));
	ATF_REQUIRE(cdb_make_finish(&cdb) != -1);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(keys_count_only_with_a_usable_hash);
ATF_TC_BODY(keys_count_only_with_a_usable_hash, tc)
{
	static const char *const closed[] = {
	    "!$6$salt$x", "*", "!{PLAIN}secret", "{ARGON2ID}$argon2id$x", NULL};
	static const char address[] = "joe@example.test";
	struct scram keys;
	size_t i;

	make_keys("$6$salt$x");
	ATF_CHECK_EQ(1, password_keys(address, strlen(address), &keys));
	ATF_CHECK_EQ(4096, keys.iterations);
	for (i = 0; i < sizeof closed / sizeof *closed; i++) {
		make_keys(closed[i]);
		ATF_CHECK_EQ(0, password_keys(address, strlen(address), &keys));
		ATF_CHECK_EQ(SCRAM_ITERATIONS, keys.iterations);
	}
}

ATF_TC_WITHOUT_HEAD(where_nobody_has_a_password_the_hash_costs_as_a_new_one);
ATF_TC_BODY(where_nobody_has_a_password_the_hash_costs_as_a_new_one, tc)
{
	static const char *const none[] = {NULL};
	static const char *const closed[] = {"ann@example.test", "!", NULL};
	const char *computed;

	make_passwords(none);
	ATF_CHECK_EQ(0, find("joe@example.test"));
	ATF_CHECK_EQ(0, strncmp(hash.s, "$y$j9T$", 7));
	computed = crypt("x", hash.s);
	ATF_CHECK(computed != NULL && *computed == '$');
	make_passwords(closed);
	ATF_CHECK_EQ(0, find("joe@example.test"));
	ATF_CHECK_EQ(0, strncmp(hash.s, "$y$j9T$", 7));
}

ATF_TC_WITHOUT_HEAD(a_missing_or_damaged_file_is_an_error);
ATF_TC_BODY(a_missing_or_damaged_file_is_an_error, tc)
{
	static const char *const pairs[] = {
	    "joe@example.test", "$6$rounds=1000$salt$x", NULL};
	int fd;

	ATF_CHECK_ERRNO(ENOENT, find("joe@example.test") == -1);
	make_passwords(pairs);
	ATF_REQUIRE_EQ(0, truncate(PASSWORD_CDB, 2060));
	ATF_CHECK_EQ(-1, find("joe@example.test"));
	ATF_REQUIRE_EQ(0, truncate(PASSWORD_CDB, 10));
	ATF_CHECK_ERRNO(EINVAL, find("joe@example.test") == -1);
	ATF_REQUIRE_EQ(0, truncate(PASSWORD_CDB, 0));
	ATF_CHECK_ERRNO(EINVAL, find("joe@example.test") == -1);
	ATF_REQUIRE_EQ(0, unlink(PASSWORD_CDB));
	ATF_REQUIRE_EQ(0, mkdir(PASSWORD_CDB, 0700));
	ATF_CHECK_EQ(-1, find("joe@example.test"));
	ATF_REQUIRE_EQ(0, rmdir(PASSWORD_CDB));
	fd = open(PASSWORD_CDB, O_WRONLY | O_CREAT, 0600);
	ATF_REQUIRE(fd != -1);
	for (int i = 0; i < 4096; i++)
		ATF_REQUIRE_EQ(1, write(fd, "\377", 1));
	close(fd);
	ATF_CHECK_EQ(-1, find("joe@example.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, only_the_right_password_matches);
	ATF_TP_ADD_TC(tp, what_is_no_hash_matches_nothing);
	ATF_TP_ADD_TC(tp, an_unknown_user_gets_the_hash_of_somebody_else);
	ATF_TP_ADD_TC(tp, keys_count_only_with_a_usable_hash);
	ATF_TP_ADD_TC(tp, where_nobody_has_a_password_the_hash_costs_as_a_new_one);
	ATF_TP_ADD_TC(tp, a_missing_or_damaged_file_is_an_error);
	return atf_no_error();
}
