#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "lib/log.h"
#include "lib/log_line.h"

static char written[4096];

/* What log_event writes, read back through a pipe in the place of descriptor 2. */
#define WRITTEN(...)                                                                     \
	do {                                                                             \
		int ends[2], saved = dup(2);                                             \
		ssize_t r;                                                               \
		ATF_REQUIRE(pipe(ends) == 0);                                            \
		dup2(ends[1], 2);                                                        \
		close(ends[1]);                                                          \
		log_event(__VA_ARGS__, (char *)NULL);                                    \
		dup2(saved, 2);                                                          \
		close(saved);                                                            \
		r = read(ends[0], written, sizeof(written) - 1);                         \
		close(ends[0]);                                                          \
		ATF_REQUIRE(r > 0);                                                      \
		written[r] = '\0';                                                       \
	} while (0)

ATF_TC_WITHOUT_HEAD(pairs_are_quoted_when_they_need_it);
ATF_TC_BODY(pairs_are_quoted_when_they_need_it, tc)
{
	errmsg_iam("smtp-recv");
	WRITTEN("abc", "refused", "code", "550", "text", "no such user", "from", "");
	ATF_CHECK_STREQ("id=abc at=smtp-recv event=refused code=550 text=\"no such "
			"user\" from=\"\"\n",
	    written);
	WRITTEN(NULL, "connect", "helo", NULL, "ip", "::1");
	ATF_CHECK_STREQ("at=smtp-recv event=connect ip=::1\n", written);
}

ATF_TC_WITHOUT_HEAD(nothing_from_a_peer_can_forge_a_line);
ATF_TC_BODY(nothing_from_a_peer_can_forge_a_line, tc)
{
	errmsg_iam("x");
	WRITTEN("", "e", "text", "a\"\r\nid=forged \\\177\t");
	ATF_CHECK_STREQ(
	    "at=x event=e text=\"a\\\"\\x0d\\x0aid=forged \\\\\\x7f\\x09\"\n", written);
}

ATF_TC_WITHOUT_HEAD(nothing_moves_the_terminal_that_shows_a_line);
ATF_TC_BODY(nothing_moves_the_terminal_that_shows_a_line, tc)
{
	errmsg_iam("x");
	WRITTEN("", "e", "from",
	    "p\xc3\xa8re\xc2\x9b"
	    "31m\xe2\x80\xae\x9b\xe4");
	ATF_CHECK_STREQ(
	    "at=x event=e from=p\xc3\xa8re\\xc2\\x9b31m\\xe2\\x80\\xae\\x9b\\xe4\n",
	    written);
}

ATF_TC_WITHOUT_HEAD(a_line_has_its_maximum);
ATF_TC_BODY(a_line_has_its_maximum, tc)
{
	static char text[3000];
	size_t i;

	errmsg_iam("x");
	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 3 == 0 ? '"' : 'a';
	WRITTEN("abc", "e", "text", text, "after", "b");
	ATF_CHECK(strlen(written) <= LOG_LINE_MAX);
	ATF_CHECK_STREQ("\"...\n", written + strlen(written) - 5);
	ATF_CHECK(strchr(written, '\n') == written + strlen(written) - 1);
}

ATF_TC_WITHOUT_HEAD(quotes_are_closed_wherever_the_line_is_cut);
ATF_TC_BODY(quotes_are_closed_wherever_the_line_is_cut, tc)
{
	static char text[1100];
	size_t len, i, quotes;

	errmsg_iam("x");
	for (len = 900; len < sizeof(text) - 1; len++) {
		memset(text, 'a', len);
		text[len] = '\0';
		WRITTEN("abc", "e", "text", text, "after", "two words", "last", "");
		for (i = quotes = 0; written[i] != '\0'; i++)
			quotes += written[i] == '"';
		ATF_CHECK_MSG(quotes % 2 == 0, "%s", written);
		ATF_CHECK(i <= LOG_LINE_MAX);
		ATF_CHECK_EQ('\n', written[i - 1]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, pairs_are_quoted_when_they_need_it);
	ATF_TP_ADD_TC(tp, nothing_from_a_peer_can_forge_a_line);
	ATF_TP_ADD_TC(tp, nothing_moves_the_terminal_that_shows_a_line);
	ATF_TP_ADD_TC(tp, a_line_has_its_maximum);
	ATF_TP_ADD_TC(tp, quotes_are_closed_wherever_the_line_is_cut);
	return atf_no_error();
}
