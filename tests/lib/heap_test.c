#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/heap.h"
#include "lib/verdict.h"

ATF_TC_WITHOUT_HEAD(an_array_grows_by_one_and_keeps_what_it_holds);
ATF_TC_BODY(an_array_grows_by_one_and_keeps_what_it_holds, tc)
{
	size_t *array = NULL, i;

	for (i = 0; i < 5000; i++) {
		array = heap_grow(array, i, sizeof *array);
		array[i] = i;
	}
	for (i = 0; i < 5000; i++)
		ATF_REQUIRE_EQ(i, array[i]);
	free(array);
}

ATF_TC_WITHOUT_HEAD(an_array_that_shrank_grows_again);
ATF_TC_BODY(an_array_that_shrank_grows_again, tc)
{
	char *array = NULL;
	size_t i, round;

	for (round = 1; round < 70; round++)
		for (i = round / 2; i < round; i++) {
			array = heap_grow(array, i, 1);
			array[i] = 'x';
		}
	free(array);
}

ATF_TC_WITHOUT_HEAD(what_is_made_is_zeroed);
ATF_TC_BODY(what_is_made_is_zeroed, tc)
{
	int *n = heap_make(100, sizeof *n), i;
	char *copy = heap_copy("words", 3);

	for (i = 0; i < 100; i++)
		ATF_CHECK_EQ(0, n[i]);
	ATF_CHECK_STREQ("wor", copy);
	free(copy);
	free(n);
}

ATF_TC_WITHOUT_HEAD(a_lack_ends_the_program_for_now);
ATF_TC_BODY(a_lack_ends_the_program_for_now, tc)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		heap_lacks();
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(DEFER, verdict_of(status));
	ATF_CHECK_EQ(111, WEXITSTATUS(status));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_array_grows_by_one_and_keeps_what_it_holds);
	ATF_TP_ADD_TC(tp, an_array_that_shrank_grows_again);
	ATF_TP_ADD_TC(tp, what_is_made_is_zeroed);
	ATF_TP_ADD_TC(tp, a_lack_ends_the_program_for_now);
	return atf_no_error();
}
