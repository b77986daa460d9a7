#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/sink.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define REPORT_MAX 1000

static void
close_pipe(int ends[2])
{
	int saved = errno;

	close(ends[0]);
	close(ends[1]);
	errno = saved;
}

int
sink_start(struct sink *sink, const char *const *argv)
{
	int message[2], envelope[2], report[2];

	if (spawn_pipe(message) == -1)
		return -1;
	if (spawn_pipe(envelope) == -1) {
		close_pipe(message);
		return -1;
	}
	if (spawn_pipe(report) == -1) {
		close_pipe(message);
		close_pipe(envelope);
		return -1;
	}
	sink->pid = spawn_child(argv,
	    (struct spawn_fd[]){
		{message[0], 0}, {envelope[0], 1}, {report[1], 4}, {report[1], 6}},
	    4);
	if (sink->pid == -1) {
		close_pipe(message);
		close_pipe(envelope);
		close_pipe(report);
		return -1;
	}
	close(message[0]);
	close(envelope[0]);
	close(report[1]);
	sink->message = message[1];
	sink->envelope = envelope[1];
	sink->report = report[0];
	return 0;
}

/* Read the report to its end.  Returns 0, or -1 when the time is over. */
static int
read_report(int fd, stralloc *report, int64_t at)
{
	char buf[256];
	ssize_t r;

	for (;;) {
		if (deadline_wait(fd, POLLIN, at) == -1)
			return -1;
		r = read(fd, buf, sizeof(buf));
		if (r == 0)
			return 0;
		if (r == -1 && errno != EINTR)
			return -1;
		if (r > 0 && report->len < REPORT_MAX)
			text_cat_printable(
			    report, buf, (size_t)r, REPORT_MAX - report->len);
	}
}

/* Take the letter off; a report that contradicts the exit code is not its reason. */
static void
trim_report(stralloc *report, int verdict)
{
	size_t len = report->len;

	report->len = 0;
	if (len > 1 && report->s[0] == verdict_letter(verdict)) {
		while (len > 1 && report->s[len - 1] == ' ')
			len--;
		report->len = len - 1;
		for (len = 0; len < report->len; len++)
			report->s[len] = report->s[len + 1];
	}
	text_terminate(report);
}

int
sink_finish(struct sink *sink, const char *envelope, size_t len, stralloc *report,
    unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	int status, verdict;

	report->len = 0;
	close(sink->message);
	/* a sink that ends without reading the envelope says why in its report */
	deadline_write_all(sink->envelope, envelope, len, seconds);
	close(sink->envelope);
	if (read_report(sink->report, report, at) == -1)
		kill(sink->pid, SIGKILL);
	close(sink->report);
	status = spawn_wait(sink->pid);
	verdict = status == -1 ? DEFER : verdict_of_sink(status);
	trim_report(report, verdict);
	return verdict;
}

void
sink_abort(struct sink *sink)
{
	close(sink->message);
	close(sink->envelope);
	close(sink->report);
	kill(sink->pid, SIGTERM);
	spawn_wait(sink->pid);
}
