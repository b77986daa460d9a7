#ifndef LIB_JOB_H
#define LIB_JOB_H

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "lib/outcome.h"

/*
 * One delivery job, the server's side: job(5).  A zeroed struct to begin with; it is
 * used again for each job of a connection.
 */
struct job {
	stralloc bytes; /* of the envelope */
	struct envelope envelope;
	const char *id; /* the message ID, inside bytes */
	int fd;         /* the message, to be read with pread(2); -1 between jobs */
	off_t offset;   /* where it begins in fd */
	off_t length;   /* its bytes */
	unsigned long long number; /* the caller's, to tell it from others */
};

/*
 * Read the next job from the unix socket sock (or, with the message as a
 * netstring, from any stream).  idle is how many seconds to wait for its first byte, 0
 * without end; busy those for each read after that.  Returns 1; 0 at the end of the
 * connection; -1 with errno, EPROTO for a malformed job, ETIMEDOUT.
 */
int job_read(struct job *job, int sock, unsigned idle, unsigned busy);

/*
 * The parts of that, for a server that does not wait: envelope and id from bytes; offset
 * and length, for which the descriptor must be a regular file that holds what is
 * promised; an unnamed file in the place of fd, for a message of length bytes that comes
 * as a netstring.  Each returns 0, or -1 with errno, EPROTO for a malformed job.
 */
int job_parse(struct job *job);
int job_check_range(struct job *job);
int job_spool(struct job *job, off_t length);

/* Append one recipient's answer to sa as a netstring; dies with DEFER when memory is
 * short. */
void job_answer(stralloc *sa, const struct outcome *o);

/* Close the message of a job that has been answered. */
void job_done(struct job *job);

/*
 * The client's side: append to sa what begins a job.  The envelope is e's sender
 * and parameters with the n recipients whose indices stand in which; the message is
 * length bytes at offset of the descriptor to be sent with the first byte.
 */
void job_request(stralloc *sa, const char *id, const struct envelope *e,
    const size_t *which, size_t n, off_t offset, off_t length);

#endif
