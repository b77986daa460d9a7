#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "auth/crypt_place.h"
#include "lib/deadline.h"

#define MANY 4096

static int taken[MANY];

static void
take_all(void)
{
	unsigned i;

	ATF_REQUIRE(crypt_place_count() >= 2 && crypt_place_count() < MANY);
	for (i = 0; i < crypt_place_count(); i++) {
		taken[i] = crypt_place_take(deadline_now());
		ATF_REQUIRE(taken[i] != -1);
	}
}

ATF_TC_WITHOUT_HEAD(there_are_so_many_and_no_more);
ATF_TC_BODY(there_are_so_many_and_no_more, tc)
{
	int64_t begun = deadline_now();

	take_all();
	errno = 0;
	ATF_CHECK_EQ(-1, crypt_place_take(begun + 300));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() >= begun + 300);
	close(taken[0]);
	ATF_CHECK(crypt_place_take(deadline_now()) != -1);
}

ATF_TC_WITHOUT_HEAD(one_that_becomes_free_is_taken);
ATF_TC_BODY(one_that_becomes_free_is_taken, tc)
{
	int64_t begun = deadline_now();

	take_all();
	if (fork() == 0) {
		usleep(200000);
		_exit(0);
	}
	close(taken[1]); /* the child's has it still, until it ends */
	ATF_CHECK(crypt_place_take(begun + 20000) != -1);
	ATF_CHECK(deadline_now() >= begun + 200);
	wait(NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, there_are_so_many_and_no_more);
	ATF_TP_ADD_TC(tp, one_that_becomes_free_is_taken);
	return atf_no_error();
}
