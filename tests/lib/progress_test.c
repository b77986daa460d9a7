#include <atf-c.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/progress.h"

/* Step for a while with descriptor 2 on fd; what came there, if it is a terminal's other
 * end. */
static void
step(int fd, struct progress *p)
{
	int kept = dup(2), i;

	ATF_REQUIRE(kept != -1 && dup2(fd, 2) == 2);
	for (i = 0; i < 13; i++) {
		p->count += 63;
		progress_step(p);
		poll(NULL, 0, 100);
	}
	progress_clear(p);
	dup2(kept, 2);
	close(kept);
}

ATF_TC_WITHOUT_HEAD(is_shown_on_a_terminal);
ATF_TC_BODY(is_shown_on_a_terminal, tc)
{
	struct progress p = {.what = "things done"};
	char said[1000] = "";
	int outer = posix_openpt(O_RDWR | O_NOCTTY), inner;

	ATF_REQUIRE(outer != -1 && grantpt(outer) == 0 && unlockpt(outer) == 0);
	inner = open(ptsname(outer), O_RDWR | O_NOCTTY);
	ATF_REQUIRE(inner != -1);
	step(inner, &p);
	ATF_REQUIRE(read(outer, said, sizeof said - 1) > 0);
	ATF_CHECK(strstr(said, " things done\r") != NULL);
	ATF_CHECK(p.count == 13 * 64);
	close(inner);
	close(outer);
}

ATF_TC_WITHOUT_HEAD(is_not_shown_elsewhere);
ATF_TC_BODY(is_not_shown_elsewhere, tc)
{
	struct progress p = {.what = "things done"};
	char said[10];
	int fds[2];

	ATF_REQUIRE(pipe2(fds, O_NONBLOCK) == 0);
	step(fds[1], &p);
	ATF_CHECK_EQ(-1, read(fds[0], said, sizeof said));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, is_shown_on_a_terminal);
	ATF_TP_ADD_TC(tp, is_not_shown_elsewhere);
	return atf_no_error();
}
