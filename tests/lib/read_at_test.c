#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/read_at.h"

ATF_TC_WITHOUT_HEAD(all_or_nothing);
ATF_TC_BODY(all_or_nothing, tc)
{
	char buf[8] = "";
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	ATF_REQUIRE(fd != -1 && write(fd, "0123456789", 10) == 10);
	ATF_CHECK_EQ(1, read_at(fd, buf, 4, 6));
	ATF_CHECK(memcmp(buf, "6789", 4) == 0);
	ATF_CHECK_EQ(1, read_at(fd, buf, 0, 10));
	ATF_CHECK_EQ(0, read_at(fd, buf, 4, 7));
	ATF_CHECK_EQ(0, read_at(fd, buf, 1, 10));
	/* where the descriptor stands is another's matter */
	ATF_CHECK_EQ(10, lseek(fd, 0, SEEK_CUR));
	close(fd);
	ATF_CHECK_EQ(-1, read_at(fd, buf, 1, 0));
	ATF_CHECK_EQ(EBADF, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_or_nothing);
	return atf_no_error();
}
