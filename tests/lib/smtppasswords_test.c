#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/smtppasswords.h"

static struct smtppassword p;

ATF_TC_WITHOUT_HEAD(lines_are_parsed);
ATF_TC_BODY(lines_are_parsed, tc)
{
	static const struct {
		const char *line, *host;
		unsigned port;
		const char *user, *secret;
		int is_token, is_insecure;
	} cases[] = {
	    {"h.test u p", "h.test", 0, "u", "p", 0, 0},
	    {"h.test:587 u@x \tpass word  ", "h.test", 587, "u@x", "pass word", 0, 0},
	    {"[192.0.2.1] u p insecure", "192.0.2.1", 0, "u", "p", 0, 1},
	    {"[2001:db8::1]:25 u p  insecure ", "2001:db8::1", 25, "u", "p", 0, 1},
	    {"h u insecure", "h", 0, "u", "insecure", 0, 0},
	    {"h u pinsecure", "h", 0, "u", "pinsecure", 0, 0},
	    {"h u token:/run/x", "h", 0, "u", "/run/x", 1, 0},
	    {"\th u token:x y insecure", "h", 0, "u", "x y", 1, 1},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_MSG(
		    smtppasswords_parse(&p, cases[i].line), "%s", cases[i].line);
		ATF_CHECK_STREQ(cases[i].host, p.host);
		ATF_CHECK_EQ(cases[i].port, p.port);
		ATF_CHECK_STREQ(cases[i].user, p.user.s);
		ATF_CHECK_STREQ(cases[i].secret, p.secret.s);
		ATF_CHECK_EQ(cases[i].is_token, p.is_token);
		ATF_CHECK_EQ(cases[i].is_insecure, p.is_insecure);
	}
}

ATF_TC_WITHOUT_HEAD(malformed_lines_are_refused);
ATF_TC_BODY(malformed_lines_are_refused, tc)
{
	static const char *const lines[] = {"", "h", "h u", "h u ", "h:0 u p", "h: u p",
	    "h:65536 u p", "h:x u p", ":25 u p", "[::1 u p", "[] u p", "[::1]25 u p",
	    "h u token:", "h u token: insecure"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ATF_CHECK_MSG(!smtppasswords_parse(&p, lines[i]), "%s", lines[i]);
}

ATF_TC_WITHOUT_HEAD(others_must_not_read_it);
ATF_TC_BODY(others_must_not_read_it, tc)
{
	static const struct {
		mode_t mode;
		uid_t uid;
		gid_t gid;
		int good;
	} cases[] = {{0400, 0, 0, 1}, {0600, 5, 0, 1}, {0640, 0, 6, 1}, {0640, 5, 6, 1},
	    {0640, 0, 0, 0}, {0400, 4, 6, 0}, {0644, 0, 6, 0}, {0604, 5, 6, 0},
	    {0660, 0, 6, 0}, {0440, 0, 6, 0}, {0700, 0, 6, 0}};
	struct stat st = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		st.st_mode = S_IFREG | cases[i].mode;
		st.st_uid = cases[i].uid;
		st.st_gid = cases[i].gid;
		ATF_CHECK_EQ_MSG(
		    cases[i].good, smtppasswords_wrong(&st, 5, 6) == NULL, "%zu", i);
	}
	st.st_mode = S_IFDIR | 0600;
	ATF_CHECK(smtppasswords_wrong(&st, 5, 6) != NULL);
}

static void
put(const char *text, mode_t mode)
{
	int fd;

	mkdir("control", 0700);
	unlink(SMTPPASSWORDS_FILE);
	fd = open(SMTPPASSWORDS_FILE, O_WRONLY | O_CREAT, 0600);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	ATF_REQUIRE_EQ(0, fchmod(fd, mode));
	close(fd);
}

static const char *
found(const char *host, unsigned port)
{
	const char *wrong = NULL;
	int r = smtppasswords_find(&p, host, port, &wrong);

	return r == -1 ? "wrong" : r == 0 ? "none" : p.user.s;
}

ATF_TC_WITHOUT_HEAD(the_line_of_a_host_is_found);
ATF_TC_BODY(the_line_of_a_host_is_found, tc)
{
	ATF_CHECK_STREQ("none", found("a.test", 25));
	put("# x\na.test any p\na.test:587 exact p\na.test second p\n\nb.test bad\n"
	    "[2001:db8::1]:25 six p\n",
	    0600);
	ATF_CHECK_STREQ("any", found("a.test", 25));
	ATF_CHECK_STREQ("any", found("A.TEST", 25));
	ATF_CHECK_STREQ("exact", found("a.test", 587));
	ATF_CHECK_STREQ("wrong", found("b.test", 25));
	ATF_CHECK_STREQ("none", found("c.test", 25));
	ATF_CHECK_STREQ("six", found("2001:db8::1", 25));
	ATF_CHECK_STREQ("none", found("2001:db8::1", 26));
	put("a.test any p\n", 0644);
	ATF_CHECK_STREQ("wrong", found("a.test", 25));
	smtppasswords_forget(&p);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_parsed);
	ATF_TP_ADD_TC(tp, malformed_lines_are_refused);
	ATF_TP_ADD_TC(tp, others_must_not_read_it);
	ATF_TP_ADD_TC(tp, the_line_of_a_host_is_found);
	return atf_no_error();
}
