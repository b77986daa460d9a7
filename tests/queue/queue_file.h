#ifndef TESTS_QUEUE_QUEUE_FILE_H
#define TESTS_QUEUE_QUEUE_FILE_H

/* Queue files for unit tests. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/file.h"
#include "queue/header.h"

#define QUEUE_FILE_ID "0hofc52zpb5l953d9rf5s5a3"

/* Write one of that ID with an envelope, whose last \0 C adds, and journal; then open it. */
#define QUEUE_FILE_OPEN(f, envelope, journal)                                            \
	queue_file_open(f, envelope, sizeof(envelope), journal)

static inline void
queue_file_open(struct file *f, const char *envelope, size_t len, const char *journal)
{
	static const char message[] = "Subject: one\n\ntext\n";
	struct header h = {sizeof message - 1, len};
	int fd = open(QUEUE_FILE_ID, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	const char *why = "";
	char head[HEADER_LEN];

	ATF_REQUIRE(fd != -1);
	header_format(head, &h);
	ATF_REQUIRE_EQ(HEADER_LEN, write(fd, head, sizeof head));
	ATF_REQUIRE_EQ((ssize_t)h.message, write(fd, message, h.message));
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, envelope, len));
	ATF_REQUIRE_EQ((ssize_t)strlen(journal), write(fd, journal, strlen(journal)));
	close(fd);
	ATF_REQUIRE_EQ_MSG(1, file_open(f, QUEUE_FILE_ID, 0, &why), "%s", why);
}

#endif
