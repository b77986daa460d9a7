#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/file.h"
#include "queue/header.h"

#define ID "0hofc52zpb5l953d9rf5s5a3"
#define LATER "queue/later/1795430701/" ID
#define ENVELOPE "Fa@b.c\0To@far.test\0"

/* A message in queue/later. */
static void
make_message(void)
{
	static const char *const folders[] = {"queue", "queue/new", "queue/later",
	    "queue/later/1795430700", "queue/later/1795430701", "queue/later/none",
	    "queue/hold", "queue/journal"};
	struct header h = {.message = 3, .envelope = sizeof ENVELOPE};
	char head[HEADER_LEN];
	int fd;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; ++i)
		ATF_REQUIRE_EQ(0, mkdir(folders[i], 0700));
	fd = open(LATER, O_WRONLY | O_CREAT, 0600);
	header_format(head, &h);
	ATF_REQUIRE_EQ(HEADER_LEN, write(fd, head, sizeof head));
	ATF_REQUIRE_EQ(3, write(fd, "\nx\n", 3));
	ATF_REQUIRE_EQ((ssize_t)sizeof ENVELOPE, write(fd, ENVELOPE, sizeof ENVELOPE));
	close(fd);
}

static int
open_message(int flags)
{
	struct file f;
	const char *why = "";
	int r = file_open(&f, LATER, flags, &why);

	if (r == 1)
		file_close(&f);
	return r;
}

ATF_TC_WITHOUT_HEAD(what_a_move_has_left_is_taken_away);
ATF_TC_BODY(what_a_move_has_left_is_taken_away, tc)
{
	static const char *const names[] = {
	    "queue/new/" ID, "queue/journal/" ID, "queue/later/1795430700/" ID};

	make_message();
	for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
		ATF_REQUIRE_EQ(0, link(LATER, names[i]));
	/* another message that pretends to be the same */
	ATF_REQUIRE(open("queue/hold/" ID, O_WRONLY | O_CREAT, 0600) != -1);
	/* who only looks changes nothing */
	ATF_CHECK(open_message(0) != 1);
	ATF_CHECK_EQ(0, access("queue/new/" ID, F_OK));
	ATF_CHECK_EQ(1, open_message(FILE_LOCK));
	for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
		ATF_CHECK_EQ(-1, access(names[i], F_OK));
	ATF_CHECK_EQ(0, access(LATER, F_OK));
	ATF_CHECK_EQ(0, access("queue/hold/" ID, F_OK));
}

ATF_TC_WITHOUT_HEAD(any_other_name_is_not_ours_to_take);
ATF_TC_BODY(any_other_name_is_not_ours_to_take, tc)
{
	make_message();
	ATF_REQUIRE_EQ(0, link(LATER, "queue/new/name"));
	ATF_REQUIRE_EQ(0, link(LATER, "queue/later/none/" ID));
	ATF_REQUIRE_EQ(0, link(LATER, ID));
	ATF_CHECK(open_message(FILE_LOCK) != 1);
	ATF_CHECK_EQ(0, access("queue/new/name", F_OK));
	ATF_CHECK_EQ(0, access("queue/later/none/" ID, F_OK));
	ATF_CHECK_EQ(0, access(ID, F_OK));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_a_move_has_left_is_taken_away);
	ATF_TP_ADD_TC(tp, any_other_name_is_not_ours_to_take);
	return atf_no_error();
}
