#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/new_scan.h"

static const char *
make_id(unsigned n)
{
	static char id[QUEUEID_LEN + 1];

	snprintf(id, sizeof id, "%011uabcdefghijklm", n);
	return id;
}

static void
make_queue(void)
{
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/bad", 0700));
}

static void
make_file(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "queue/new/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ATF_REQUIRE(fd != -1);
	close(fd);
}

/* The next ID; null at the end. */
static const char *
next(struct new_scan *s)
{
	const char *id;

	while (new_scan_step(s, &id))
		if (id != NULL)
			return id;
	return NULL;
}

ATF_TC_WITHOUT_HEAD(what_is_there_comes_once_and_by_age);
ATF_TC_BODY(what_is_there_comes_once_and_by_age, tc)
{
	struct new_scan s = {.wanted = 1};

	make_queue();
	for (unsigned i = 0; i < 300; ++i)
		make_file(make_id(i * 7 % 300));
	make_file("README");
	make_file(".hidden");
	make_file("tmp.unfinished");
	ATF_REQUIRE_EQ(0, new_scan_begin(&s));
	for (unsigned i = 0; i < 300; ++i)
		ATF_REQUIRE_STREQ(make_id(i), next(&s));
	ATF_CHECK(!next(&s));
	ATF_CHECK(!s.running && !s.wanted && s.ended);
	ATF_CHECK_EQ(0, access("queue/bad/README", F_OK));
	ATF_CHECK_EQ(0, access("queue/new/.hidden", F_OK));
	ATF_CHECK_EQ(0, access("queue/new/tmp.unfinished", F_OK));
}

/* They are all still there, since nothing of it has been delivered. */
ATF_TC_WITHOUT_HEAD(more_than_fit_come_once_each_too);
ATF_TC_BODY(more_than_fit_come_once_each_too, tc)
{
	struct new_scan s = {.wanted = 1};
	unsigned count = OLDEST_MAX + 1000;

	make_queue();
	for (unsigned i = 0; i < count; ++i)
		make_file(make_id(i));
	ATF_REQUIRE_EQ(0, new_scan_begin(&s));
	for (unsigned i = 0; i < count; ++i)
		ATF_REQUIRE_STREQ(make_id(i), next(&s));
	ATF_CHECK(!next(&s));
	ATF_CHECK(!s.running && !s.wanted);
}

ATF_TC_WITHOUT_HEAD(a_missing_folder_is_an_error);
ATF_TC_BODY(a_missing_folder_is_an_error, tc)
{
	struct new_scan s = {.wanted = 1};

	ATF_CHECK_EQ(-1, new_scan_begin(&s));
	ATF_CHECK(!s.running);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_there_comes_once_and_by_age);
	ATF_TP_ADD_TC(tp, more_than_fit_come_once_each_too);
	ATF_TP_ADD_TC(tp, a_missing_folder_is_an_error);
	return atf_no_error();
}
