#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "auth/request.h"
#include "lib/fdpass.h"

static struct request request;
static int ours, its;

static void
connect_both(void)
{
	int fds[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	ours = fds[0];
	its = fds[1];
}

static void
say(const char *s)
{
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(ours, s, strlen(s)));
}

static void
must_be(const char *s)
{
	ATF_REQUIRE_EQ(1, request_read(&request, its, 5));
	ATF_REQUIRE_EQ(strlen(s), request.size);
	ATF_CHECK_EQ(0, memcmp(request.s + request.start, s, request.size));
}

ATF_TC_WITHOUT_HEAD(one_comes_after_the_other);
ATF_TC_BODY(one_comes_after_the_other, tc)
{
	connect_both();
	say("3:abc,2:de,1:");
	must_be("abc");
	ATF_CHECK_EQ(-1, request.client);
	request_forget(&request);
	must_be("de");
	request_forget(&request);
	say("f,");
	must_be("f");
	request_forget(&request);
	close(ours);
	ATF_CHECK_EQ(0, request_read(&request, its, 5));
}

ATF_TC_WITHOUT_HEAD(nothing_is_left_of_what_was_asked);
ATF_TC_BODY(nothing_is_left_of_what_was_asked, tc)
{
	size_t i;

	connect_both();
	say("6:secret,");
	must_be("secret");
	request_forget(&request);
	for (i = 0; i < sizeof request.s; i++)
		ATF_REQUIRE_EQ(0, request.s[i]);
}

ATF_TC_WITHOUT_HEAD(a_descriptor_may_come_along);
ATF_TC_BODY(a_descriptor_may_come_along, tc)
{
	int kept;

	connect_both();
	ATF_REQUIRE_EQ(4, fdpass_send(ours, "1:a,", 4, ours));
	must_be("a");
	kept = request.client;
	ATF_CHECK(kept != -1);
	ATF_CHECK_EQ(FD_CLOEXEC, fcntl(kept, F_GETFD));
	request_forget(&request);
	ATF_CHECK_EQ(-1, request.client);
	ATF_CHECK_EQ(-1, fcntl(kept, F_GETFD));
}

ATF_TC_WITHOUT_HEAD(what_is_none_is_refused);
ATF_TC_BODY(what_is_none_is_refused, tc)
{
	static const char *const wrong[] = {"x", "3:abc;", "03:abc,", "4097:"};
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		memset(&request, 0, sizeof request);
		connect_both();
		say(wrong[i]);
		close(ours);
		errno = 0;
		ATF_CHECK_EQ_MSG(-1, request_read(&request, its, 5), "%s", wrong[i]);
		ATF_CHECK_EQ(EPROTO, errno);
	}
}

ATF_TC_WITHOUT_HEAD(what_is_begun_must_come_to_an_end);
ATF_TC_BODY(what_is_begun_must_come_to_an_end, tc)
{
	connect_both();
	say("3:a");
	errno = 0;
	ATF_CHECK_EQ(-1, request_read(&request, its, 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	memset(&request, 0, sizeof request);
	connect_both();
	say("3:a");
	close(ours);
	ATF_CHECK_EQ(-1, request_read(&request, its, 5));
	ATF_CHECK_EQ(EPROTO, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_comes_after_the_other);
	ATF_TP_ADD_TC(tp, nothing_is_left_of_what_was_asked);
	ATF_TP_ADD_TC(tp, a_descriptor_may_come_along);
	ATF_TP_ADD_TC(tp, what_is_none_is_refused);
	ATF_TP_ADD_TC(tp, what_is_begun_must_come_to_an_end);
	return atf_no_error();
}
