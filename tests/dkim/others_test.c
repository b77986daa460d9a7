#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "dkim/key_make.h"
#include "dkim/verify.h"
#include "lib/text.h"

/* Messages that other programs have signed. */

static stralloc records[2];

static void
write_file(const char *path, const stralloc *s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ((ssize_t)s->len, write(fd, s->s, s->len));
	close(fd);
}

static void
make_keys(void)
{
	static const char *const names[] = {"keys/r.key", "keys/e.key"};
	struct private_key key;
	stralloc file = {0};
	int kind;

	ATF_REQUIRE_EQ(0, mkdir("keys", 0700));
	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++) {
		private_key_init(&key);
		ATF_REQUIRE_EQ(0, key_make(&key, (enum key_record_kind)kind, 2048));
		file.len = 0;
		key_make_file(&file, &key);
		write_file(names[kind], &file);
		key_make_record(&records[kind], &key);
		private_key_free(&key);
	}
	stralloc_free(&file);
}

/* The verdicts on the file, and how many there are. */
static size_t
judge(struct verify *verify, const char *path)
{
	char buf[999];
	int fd = open(path, O_RDONLY);
	ssize_t r;
	size_t i;
	int is_ed25519;

	ATF_REQUIRE(fd != -1);
	while ((r = read(fd, buf, sizeof buf)) > 0)
		verify_feed(verify, buf, (size_t)r);
	close(fd);
	verify_end(verify, 0);
	for (i = 0; i < verify->count; i++) {
		is_ed25519 = strcmp(verify->results[i].signature.selector, "e") == 0;
		verify_answer(verify, i, records[is_ed25519].s, records[is_ed25519].len);
	}
	verify_conclude(verify);
	return verify->count;
}

/* All of the corpus, as the program signs it, with so many signatures each. */
static void
check_signer(const atf_tc_t *tc, const char *program, const char *needs, size_t count,
    enum verify_verdict verdict)
{
	const char *here = atf_tc_get_config_var(tc, "srcdir");
	char command[4096], path[512];
	struct verify verify;
	struct dirent *entry;
	size_t i, files = 0;
	DIR *folder;

	if (system(needs) != 0)
		atf_tc_skip("not there: %s", needs);
	make_keys();
	snprintf(command, sizeof command,
	    "mkdir plain signed && %s/corpus.py plain && %s/verify.py sign-%s keys "
	    "signed plain/*",
	    here, here, program);
	ATF_REQUIRE_EQ(0, system(command));
	folder = opendir("signed");
	ATF_REQUIRE(folder != NULL);
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		files++;
		snprintf(path, sizeof path, "signed/%s", entry->d_name);
		memset(&verify, 0, sizeof verify);
		ATF_CHECK_EQ_MSG(count, judge(&verify, path), "%s", path);
		for (i = 0; i < verify.count; i++)
			ATF_CHECK_EQ_MSG(verdict, verify.results[i].verdict, "%s: %s",
			    path, verify.results[i].reason);
		verify_free(&verify);
	}
	closedir(folder);
	ATF_CHECK(files > 10);
}

ATF_TC_WITHOUT_HEAD(what_dkimpy_signs_verifies);
ATF_TC_BODY(what_dkimpy_signs_verifies, tc)
{
	check_signer(
	    tc, "dkimpy", "/usr/bin/python3 -c 'import dkim, nacl'", 4, VERIFY_PASS);
}

ATF_TC_WITHOUT_HEAD(what_opendkim_signs_verifies);
ATF_TC_BODY(what_opendkim_signs_verifies, tc)
{
	check_signer(tc, "opendkim", "test -x /usr/sbin/opendkim", 2, VERIFY_PASS);
}

ATF_TC_WITHOUT_HEAD(what_mail_dkim_signs_verifies);
ATF_TC_BODY(what_mail_dkim_signs_verifies, tc)
{
	check_signer(tc, "mail-dkim", "perl -MMail::DKIM -e 1", 2, VERIFY_PASS);
}

/* What is signed so is intact, and yet does not count: RFC 8301, 3.1. */
ATF_TC_WITHOUT_HEAD(what_is_signed_with_sha1_does_not_count);
ATF_TC_BODY(what_is_signed_with_sha1_does_not_count, tc)
{
	check_signer(
	    tc, "testmsg", "test -x /usr/sbin/opendkim-testmsg", 1, VERIFY_PERMERROR);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_dkimpy_signs_verifies);
	ATF_TP_ADD_TC(tp, what_opendkim_signs_verifies);
	ATF_TP_ADD_TC(tp, what_mail_dkim_signs_verifies);
	ATF_TP_ADD_TC(tp, what_is_signed_with_sha1_does_not_count);
	return atf_no_error();
}
