#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/fdpass.h"
#include "lib/job.h"
#include "lib/netstring.h"
#include "lib/queueid.h"
#include "lib/text.h"

#define SPOOL_CHUNK 65536

/* The first byte of a job, and the descriptor that may come with it. */
static int
read_first(struct job *job, int sock, unsigned idle, char *c)
{
	int64_t at = idle > 0 ? deadline_now() + (int64_t)idle * 1000 : INT64_MAX;
	ssize_t r;

	do {
		if (deadline_wait(sock, POLLIN, at) == -1)
			return -1;
		r = fdpass_receive(sock, c, 1, &job->fd);
		if (r == -1 && errno == ENOTSOCK)
			r = read(sock, c, 1);
	} while (r == -1 && (errno == EINTR || errno == EAGAIN));
	return (int)r;
}

int
job_spool(struct job *job, off_t length)
{
	job->length = length;
	job->offset = 0;
	job->fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (job->fd == -1)
		job->fd = memfd_create("message", MFD_CLOEXEC);
	return job->fd == -1 ? -1 : 0;
}

/* A message that comes as a netstring goes to an unnamed file, whatever its size. */
static int
spool(struct job *job, int sock, unsigned busy)
{
	char buf[SPOOL_CHUNK], head[12];
	unsigned long long left;
	size_t n = 0;
	ssize_t r;

	do {
		r = n < sizeof(head) ? deadline_read(sock, head + n, 1, busy) : 0;
		if (r <= 0)
			goto cut;
	} while (head[n++] != ':');
	if (!text_number(head, n - 1, LONG_MAX, &left)) {
		errno = EPROTO;
		return -1;
	}
	if (job_spool(job, (off_t)left) == -1)
		return -1;
	for (; left > 0; left -= (unsigned long long)r) {
		r = deadline_read(
		    sock, buf, left < sizeof(buf) ? (size_t)left : sizeof(buf), busy);
		if (r <= 0)
			goto cut;
		if (durable_write(job->fd, buf, (size_t)r) == -1)
			return -1;
	}
	r = deadline_read(sock, buf, 1, busy);
	if (r == 1 && buf[0] == ',')
		return 0;
	if (r == 1)
		r = 0;
cut:
	if (r == 0)
		errno = EPROTO;
	return -1;
}

int
job_parse(struct job *job)
{
	if (envelope_parse(&job->envelope, job->bytes.s, job->bytes.len) == ENVELOPE_OK) {
		job->id = envelope_parameter(&job->envelope, "id");
		if (job->id != NULL && queueid_is(job->id))
			return 0;
	}
	errno = EPROTO;
	return -1;
}

int
job_check_range(struct job *job)
{
	const char *offset = envelope_parameter(&job->envelope, "offset");
	const char *length = envelope_parameter(&job->envelope, "length");
	unsigned long long from, bytes;
	struct stat st;

	if (fstat(job->fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode) || offset == NULL || length == NULL ||
	    !text_number(offset, strlen(offset), LONG_MAX, &from) ||
	    !text_number(length, strlen(length), LONG_MAX, &bytes) ||
	    from > (unsigned long long)st.st_size ||
	    bytes > (unsigned long long)st.st_size - from) {
		errno = EPROTO;
		return -1;
	}
	job->offset = (off_t)from;
	job->length = (off_t)bytes;
	return 0;
}

int
job_read(struct job *job, int sock, unsigned idle, unsigned busy)
{
	char c;
	int r;

	job->fd = -1;
	r = read_first(job, sock, idle, &c);
	if (r <= 0)
		return r;
	r = netstring_read_on(sock, c, &job->bytes, ENVELOPE_MAX, busy);
	if (r == 1 && job_parse(job) == -1)
		r = -1;
	if (r == 1 &&
	    (job->fd != -1 ? job_check_range(job) : spool(job, sock, busy)) == -1)
		r = -1;
	if (r == -1)
		job_done(job);
	return r;
}

void
job_done(struct job *job)
{
	int saved = errno;

	if (job->fd != -1)
		close(job->fd);
	job->fd = -1;
	errno = saved;
}

void
job_answer(stralloc *sa, const struct outcome *o)
{
	stralloc answer = {0};

	outcome_put(&answer, o);
	netstring_put(sa, answer.s, answer.len);
	stralloc_free(&answer);
}

static void
put_number(stralloc *sa, const char *name, off_t value)
{
	char n[DECIMAL_MAX];

	envelope_put_parameter(sa, name, text_decimal(n, (unsigned long long)value));
}

void
job_request(stralloc *sa, const char *id, const struct envelope *e, const size_t *which,
    size_t n, off_t offset, off_t length)
{
	const struct envelope_recipient *recipient;
	stralloc bytes = {0};
	size_t i, k;

	envelope_begin(&bytes, e->sender);
	envelope_put_parameter(&bytes, "id", id);
	put_number(&bytes, "offset", offset);
	put_number(&bytes, "length", length);
	for (i = 0; i < e->message_parameters; i++)
		envelope_put_parameter(
		    &bytes, e->parameters[i].name, e->parameters[i].value);
	for (i = 0; i < n; i++) {
		recipient = &e->recipients[which[i]];
		for (k = recipient->first; k < recipient->first + recipient->parameters;
		     k++)
			envelope_put_notice(
			    &bytes, e->parameters[k].name, e->parameters[k].value);
		envelope_put_recipient(&bytes, recipient->address);
	}
	envelope_end(&bytes);
	netstring_put(sa, bytes.s, bytes.len);
	stralloc_free(&bytes);
}
