#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/folder.h"
#include "queue/place.h"

#define ID "0hofc52zpb5l953d9rf5s00a"

static struct folder f;
static struct foreign foreign;

static void
make(const char *path, int is_folder)
{
	int fd;

	if (is_folder) {
		ATF_REQUIRE_EQ(0, mkdir(path, 0700));
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ATF_REQUIRE(fd != -1);
	close(fd);
}

static void
make_queue(void)
{
	make("queue", 1);
	make("queue/later", 1);
	make("queue/bad", 1);
}

ATF_TC_WITHOUT_HEAD(messages_are_named_and_what_is_none_is_moved_away);
ATF_TC_BODY(messages_are_named_and_what_is_none_is_moved_away, tc)
{
	const char *id;
	int named = 0, names = 0, r;

	make_queue();
	make("queue/later/7", 1);
	make("queue/later/7/" ID, 0);
	make("queue/later/7/foreign", 0);
	ATF_REQUIRE_EQ(1, folder_open(&f, &foreign, 7));
	while ((r = folder_next(&f, &foreign, &id)) == 1) {
		++names;
		if (id != NULL) {
			ATF_CHECK_STREQ(ID, id);
			++named;
		}
	}
	ATF_CHECK_EQ(0, r);
	ATF_CHECK_EQ(1, named);
	/* with . and .. */
	ATF_CHECK_EQ(4, names);
	ATF_CHECK(f.dir == NULL);
	ATF_CHECK_EQ(0, access("queue/bad/foreign", F_OK));
	ATF_CHECK_EQ(0, access("queue/later/7/" ID, F_OK));
}

ATF_TC_WITHOUT_HEAD(what_is_not_there_is_no_trouble);
ATF_TC_BODY(what_is_not_there_is_no_trouble, tc)
{
	make_queue();
	ATF_CHECK_EQ(0, folder_open(&f, &foreign, 7));
	ATF_CHECK_EQ(0, folder_open(&f, &foreign, PLACE_PAUSED));
	ATF_CHECK_EQ(0, foreign.count);
	/* no folder, where buckets stand: told once */
	make("queue/later/8", 0);
	ATF_CHECK_EQ(0, folder_open(&f, &foreign, 8));
	ATF_CHECK_EQ(1, foreign.count);
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_read_is_trouble);
ATF_TC_BODY(what_cannot_be_read_is_trouble, tc)
{
	make_queue();
	ATF_REQUIRE_EQ(0, symlink("9", "queue/later/9"));
	errno = 0;
	ATF_CHECK_EQ(-1, folder_open(&f, &foreign, 9));
	ATF_CHECK_EQ(ELOOP, errno);
	make("queue/paused", 0);
	ATF_CHECK_EQ(-1, folder_open(&f, &foreign, PLACE_PAUSED));
	ATF_CHECK_EQ(ENOTDIR, errno);
	ATF_CHECK(f.dir == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, messages_are_named_and_what_is_none_is_moved_away);
	ATF_TP_ADD_TC(tp, what_is_not_there_is_no_trouble);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_is_trouble);
	return atf_no_error();
}
