#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/places.h"

#define SERVER NULL /* in place of a key */

/* What a child gets that asks for a place and stays until it is killed. */
static int
come(const char *key, unsigned limit, pid_t *pid)
{
	int ends[2], fd, r;

	ATF_REQUIRE(pipe(ends) == 0);
	*pid = fork();
	if (*pid == 0) {
		fd = places_open("places", 0);
		r = key != SERVER ? places_take(fd, key, limit)
				  : places_take_server(fd, limit);
		if (write(ends[1], &r, sizeof r) == sizeof r)
			pause();
		_exit(0);
	}
	close(ends[1]);
	ATF_REQUIRE(read(ends[0], &r, sizeof r) == sizeof r);
	close(ends[0]);
	return r;
}

static void
go(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

ATF_TC_WITHOUT_HEAD(a_key_has_so_many_places);
ATF_TC_BODY(a_key_has_so_many_places, tc)
{
	pid_t pid[4];

	ATF_CHECK_EQ(1, come("a", 2, &pid[0]));
	ATF_CHECK_EQ(1, come("a", 2, &pid[1]));
	ATF_CHECK_EQ(0, come("a", 2, &pid[2]));
	ATF_CHECK_EQ(1, come("b", 2, &pid[3]));
	go(pid[0]);
	go(pid[2]);
	ATF_CHECK_EQ(1, come("a", 2, &pid[0]));
	go(pid[0]);
	go(pid[1]);
	go(pid[3]);
}

ATF_TC_WITHOUT_HEAD(a_server_tells_when_it_is_nearly_full);
ATF_TC_BODY(a_server_tells_when_it_is_nearly_full, tc)
{
	pid_t pid[9], late;
	int i;

	/* eight places, of which six are three quarters, and the one that is kept free */
	for (i = 0; i < 8; i++)
		ATF_CHECK_EQ(i < 6 ? 1 : 2, come(SERVER, 9, &pid[i]));
	ATF_CHECK_EQ(0, come(SERVER, 9, &late));
	go(late);
	go(pid[2]);
	ATF_CHECK_EQ(1, come(SERVER, 9, &pid[2]));
	for (i = 0; i < 8; i++)
		go(pid[i]);
}

ATF_TC_WITHOUT_HEAD(the_smallest_server_has_a_place);
ATF_TC_BODY(the_smallest_server_has_a_place, tc)
{
	pid_t pid, late;

	ATF_CHECK_EQ(1, come(SERVER, 1, &pid));
	ATF_CHECK_EQ(0, come(SERVER, 1, &late));
	go(pid);
	go(late);
}

ATF_TC_WITHOUT_HEAD(a_link_is_not_followed);
ATF_TC_BODY(a_link_is_not_followed, tc)
{
	ATF_REQUIRE(symlink("elsewhere", "places") == 0);
	ATF_CHECK_EQ(-1, places_open("places", 0));
	ATF_CHECK_EQ(-1, access("elsewhere", F_OK));
	ATF_CHECK_EQ(-1, places_take(-1, "a", 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_key_has_so_many_places);
	ATF_TP_ADD_TC(tp, a_server_tells_when_it_is_nearly_full);
	ATF_TP_ADD_TC(tp, the_smallest_server_has_a_place);
	ATF_TP_ADD_TC(tp, a_link_is_not_followed);
	return atf_no_error();
}
