#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/filter.h"
#include "lib/text.h"
#include "lib/verdict.h"

int
filter_report_fd(void)
{
	int fd, flags;

	for (fd = 4; fd <= 6; fd += 2) {
		flags = fcntl(fd, F_GETFL);
		if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
			return fd;
	}
	return -1;
}

int
filter_report(int fd, int verdict, const char *text)
{
	const char letter = verdict_letter(verdict);
	stralloc report = {0};

	text_catb(&report, &letter, 1);
	text_cat(&report, text, (char *)NULL);
	if (fd != -1 && write(fd, report.s, report.len) == -1)
		carpsys("unable to write the report");
	stralloc_free(&report);
	return verdict == ACCEPT   ? 0
	       : verdict == REJECT ? FILTER_REFUSED
				   : FILTER_PUT_OFF;
}

ssize_t
filter_read(int fd, char *s, size_t len)
{
	ssize_t r;

	do
		r = read(fd, s, len);
	while (r == -1 && errno == EINTR);
	return r;
}

ssize_t
filter_read_timed(int fd, char *s, size_t len, int64_t *since)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};
	int is_ready = poll(&poller, 1, 0) != 0;
	ssize_t r = filter_read(fd, s, len);

	if (!is_ready)
		*since = deadline_now();
	return r;
}

int
filter_is_awaited(int report_fd)
{
	struct pollfd poller = {.fd = report_fd};

	/* of a pipe that nobody reads any more, poll tells POLLERR */
	return poll(&poller, 1, 0) != 1 || !(poller.revents & POLLERR);
}

int
filter_envelope(stralloc *envelope)
{
	char block[4096];
	ssize_t r;

	envelope->len = 0;
	while ((r = filter_read(1, block, sizeof block)) > 0) {
		text_catb(envelope, block, (size_t)r);
		if (envelope->len > ENVELOPE_MAX) {
			errno = E2BIG;
			return -1;
		}
	}
	return r == 0 ? 0 : -1;
}
