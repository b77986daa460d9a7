#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/header.h"
#include "queue/writer.h"

static struct writer w;

/* Write a message of len bytes, then read back what the file has. */
static void
check(size_t len)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char head[HEADER_LEN], byte, *room;
	size_t left = len, n;
	struct header h;
	off_t size;

	ATF_REQUIRE(fd != -1);
	writer_begin(&w, fd);
	while (left > 0) {
		ATF_REQUIRE_EQ(0, writer_room(&w, &room, &n));
		ATF_REQUIRE(n > 0);
		n = n < left ? n : left;
		memset(room, 'a' + (len - left) % 26, n);
		writer_took(&w, n);
		left -= n;
	}
	ATF_REQUIRE_EQ(0, writer_end(&w, "envelope", 9));
	size = lseek(fd, 0, SEEK_END);
	ATF_CHECK_EQ((off_t)(HEADER_LEN + len + 9), size);
	ATF_REQUIRE_EQ(HEADER_LEN, pread(fd, head, sizeof head, 0));
	ATF_REQUIRE_EQ(1, header_parse(&h, head, size));
	ATF_CHECK_EQ(len, h.message);
	ATF_CHECK_EQ(9u, h.envelope);
	if (len > 0) {
		ATF_REQUIRE_EQ(1, pread(fd, &byte, 1, HEADER_LEN));
		ATF_CHECK_EQ('a', byte);
	}
	ATF_REQUIRE_EQ(1, pread(fd, &byte, 1, HEADER_LEN + len));
	ATF_CHECK_EQ('e', byte);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(messages_of_any_size_get_their_header);
ATF_TC_BODY(messages_of_any_size_get_their_header, tc)
{
	check(0);
	check(1);
	check(WRITER_BLOCK - HEADER_LEN - 9);
	check(WRITER_BLOCK - HEADER_LEN);
	check(WRITER_BLOCK);
	check(3 * WRITER_BLOCK + 1);
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_written_is_told);
ATF_TC_BODY(what_cannot_be_written_is_told, tc)
{
	int fd = open("/dev/full", O_RDWR);
	char *room;
	size_t n;

	ATF_REQUIRE(fd != -1);
	writer_begin(&w, fd);
	ATF_REQUIRE_EQ(0, writer_room(&w, &room, &n));
	memset(room, 'x', n);
	writer_took(&w, n);
	ATF_CHECK_EQ(-1, writer_end(&w, "envelope", 9));
	close(fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, messages_of_any_size_get_their_header);
	ATF_TP_ADD_TC(tp, what_cannot_be_written_is_told);
	return atf_no_error();
}
