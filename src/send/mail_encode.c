#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/spawn_child.h"
#include "lib/spool.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "send/mail_encode.h"

#define ENCODE_SECONDS 300 /* a message of any size takes a few at most */
#define REPORT_MAX 500

/* Copy the message to the new file fd, and go back to its beginning.  Returns 0, or -1.
 */
static int
copy(int fd, const struct mail_source *m)
{
	char buf[16384];
	off_t at = 0;
	ssize_t r;

	while ((r = mail_source_read(m, buf, sizeof(buf), at)) > 0) {
		if (durable_write(fd, buf, (size_t)r) == -1)
			return -1;
		at += r;
	}
	return r == -1 || lseek(fd, 0, SEEK_SET) == -1 ? -1 : 0;
}

/* Start mime-encode from in to out; what it reports goes to report. */
static pid_t
start(int in, int out, int report, const struct mail_source *m, int keeps_eight_bit)
{
	char digits[DECIMAL_MAX];
	const char *argv[] = {"mime-encode", NULL, NULL, NULL, NULL};
	size_t n = 1;

	if (keeps_eight_bit)
		argv[n++] = "-8";
	if (m->line_max > 0) {
		argv[n++] = "-l";
		argv[n] = text_decimal(digits, m->line_max);
	}
	return spawn_child(argv, (struct spawn_fd[]){{in, 0}, {out, 1}, {report, 6}}, 3);
}

/* Read the report of the child until it ends.  Returns its verdict. */
static int
await(pid_t pid, int report, stralloc *words)
{
	int64_t at = deadline_now() + ENCODE_SECONDS * INT64_C(1000);
	char buf[REPORT_MAX];
	ssize_t r;
	int status;

	do {
		r = deadline_wait(report, POLLIN, at) == -1
			? -1
			: read(report, buf, sizeof(buf));
		if (r > 0)
			text_cat_printable(
			    words, buf, (size_t)r, REPORT_MAX - words->len);
	} while ((r > 0 && words->len < REPORT_MAX) || (r == -1 && errno == EINTR));
	if (r != 0)
		kill(pid, SIGKILL);
	text_terminate(words);
	status = spawn_child_wait(pid);
	return status == -1 || r != 0 ? DEFER : verdict_of(status);
}

/* Let it convert from the file in to the file out.  Returns its verdict. */
static int
run(int in, int out, const struct mail_source *m, int keeps_eight_bit, stralloc *words)
{
	int report[2], verdict = DEFER;
	pid_t pid;

	if (spawn_child_pipe(report) == -1)
		return DEFER;
	pid = start(in, out, report[1], m, keeps_eight_bit);
	close(report[1]);
	if (pid != -1)
		verdict = await(pid, report[0], words);
	close(report[0]);
	return verdict;
}

/* The words are D, a status code, a blank, and why. */
static void
tell(struct outcome *o, int verdict, const stralloc *words)
{
	const char *blank = words->len > 0 ? strchr(words->s, ' ') : NULL;

	if (verdict == REJECT && blank != NULL && words->s[0] == 'D')
		outcome_set(o, 'D', "5.6.3",
		    "the server takes 7-bit text only, to which the message can't be "
		    "converted: ",
		    blank + 1, (char *)NULL);
	else
		outcome_set(
		    o, 'Z', "4.3.0", "unable to convert the message", (char *)NULL);
}

int
mail_encode(struct mail_source *to, const struct mail_source *from, int keeps_eight_bit,
    struct outcome *o)
{
	int in = spool_unnamed(), out = spool_unnamed(), verdict = DEFER;
	stralloc words = {0};

	if (in != -1 && out != -1 && copy(in, from) == 0)
		verdict = run(in, out, from, keeps_eight_bit, &words);
	if (in != -1)
		close(in);
	if (verdict == ACCEPT &&
	    (lseek(out, 0, SEEK_SET) == -1 || mail_source_take(to, out) == -1 ||
		mail_source_measure(to) == -1))
		verdict = DEFER;
	if (verdict != ACCEPT) {
		if (out != -1)
			close(out);
		tell(o, verdict, &words);
	}
	stralloc_free(&words);
	return verdict == ACCEPT ? 0 : -1;
}
