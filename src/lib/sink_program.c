#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/sink_program.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define REPORT_MAX 1000
#define ABORT_PATIENCE 2000 /* milliseconds for a sink that was told to end */

static void
close_pipe(int ends[2])
{
	int saved = errno;

	close(ends[0]);
	close(ends[1]);
	errno = saved;
}

int
sink_program_start(struct sink_program *sink, const char *const *argv)
{
	int message[2], envelope[2], report[2];

	if (spawn_child_pipe(message) == -1)
		return -1;
	if (spawn_child_pipe(envelope) == -1) {
		close_pipe(message);
		return -1;
	}
	if (spawn_child_pipe(report) == -1) {
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
	/* so that no write can outlast its deadline; the sink's ends stay as they are */
	fcntl(message[1], F_SETFL, O_WRONLY | O_NONBLOCK);
	fcntl(envelope[1], F_SETFL, O_WRONLY | O_NONBLOCK);
	sink->message = message[1];
	sink->envelope = envelope[1];
	sink->report = report[0];
	sink->is_cut = 0;
	return 0;
}

/*
 * Write to the pipe fd of a program; each step may take until the time at or, when
 * seconds are given, so long.  Returns 0, or -1 with errno.
 */
static int
write_pipe(int fd, const char *s, size_t len, int64_t at, unsigned seconds)
{
	int64_t until = at;
	ssize_t r;

	while (len > 0) {
		r = write(fd, s, len);
		if (r > 0) {
			s += r;
			len -= (size_t)r;
		}
		if (r > 0 || errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -1;
		if (seconds > 0)
			until = deadline_now() + (int64_t)seconds * 1000;
		if (deadline_wait(fd, POLLOUT, until) == -1)
			return -1;
	}
	return 0;
}

int
sink_program_write(struct sink_program *sink, const char *s, size_t len, unsigned seconds)
{
	if (sink->is_cut) {
		errno = EPIPE;
		return -1;
	}
	if (write_pipe(sink->message, s, len, 0, seconds) == 0)
		return 0;
	if (errno == EPIPE)
		sink->is_cut = 1;
	return -1;
}

/*
 * Read the report until the sink has ended: it may close its report early, and what it
 * leaves behind may keep it open.  Returns 0, or -1 when the time is over.
 */
static int
read_report(const struct sink_program *sink, stralloc *report, int64_t at)
{
	int watch = spawn_child_watch(sink->pid), r;
	struct pollfd pollers[] = {
	    {.fd = sink->report, .events = POLLIN}, {.fd = watch, .events = POLLIN}};
	char buf[256];
	ssize_t len;

	while ((r = deadline_poll(pollers, 2, at)) > 0) {
		if (pollers[0].revents == 0)
			break;
		len = read(sink->report, buf, sizeof(buf));
		if (len > 0 && report->len < REPORT_MAX)
			text_cat_printable(
			    report, buf, (size_t)len, REPORT_MAX - report->len);
		if (len > 0 || (len == -1 && errno == EINTR))
			continue;
		pollers[0].fd = -1;
		if (watch == -1)
			break;
	}
	if (watch != -1)
		close(watch);
	return r > 0 ? 0 : -1;
}

/*
 * The filters of the qmail world that exit 82 (notqmail, simscan) or 88 (sagredo) leave
 * it to their words whether they mean it for good.
 */
static int
verdict_of_words(int status, const stralloc *report)
{
	if (WIFEXITED(status) &&
	    (WEXITSTATUS(status) == 82 || WEXITSTATUS(status) == 88) && report->len > 2 &&
	    report->s[0] == 'D')
		return REJECT;
	return verdict_of_sink(status);
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

/*
 * What is left, and the envelope; a sink that ends without reading them says why in its
 * report.  One that has not got all of the message gets no envelope: it would take what
 * is cut, of which we say that it was not taken.
 */
static void
hand_over(struct sink_program *sink, const struct sink_program_end *end, int64_t at)
{
	int r = 0;

	if (!sink->is_cut)
		r = write_pipe(sink->message, end->last, end->last_len, at, 0);
	if (r == -1)
		sink->is_cut = 1;
	close(sink->message);
	if (!sink->is_cut)
		write_pipe(sink->envelope, end->envelope, end->envelope_len, at, 0);
	close(sink->envelope);
}

int
sink_program_finish(struct sink_program *sink, const struct sink_program_end *end,
    stralloc *report, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	int status, verdict;

	report->len = 0;
	hand_over(sink, end, at);
	if (read_report(sink, report, at) == -1)
		kill(sink->pid, SIGKILL);
	close(sink->report);
	status = spawn_child_wait(sink->pid);
	verdict = status == -1 ? DEFER : verdict_of_words(status, report);
	if (verdict == ACCEPT && sink->is_cut)
		verdict = DEFER;
	trim_report(report, verdict);
	return verdict;
}

void
sink_program_abort(struct sink_program *sink)
{
	int watch = spawn_child_watch(sink->pid);

	close(sink->message);
	close(sink->envelope);
	close(sink->report);
	kill(sink->pid, SIGTERM);
	if (watch != -1) {
		if (deadline_wait(watch, POLLIN, deadline_now() + ABORT_PATIENCE) == -1)
			kill(sink->pid, SIGKILL);
		close(watch);
	}
	spawn_child_wait(sink->pid);
}
