#ifndef DELIVER_JOB_FEED_H
#define DELIVER_JOB_FEED_H

/* The jobs that come on a connection, read without waiting for the rest of one. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/job.h"

#define JOB_FEED_FDS 64 /* descriptors that may come in one piece: job(5) */

/* Zeroed to begin with. */
struct job_feed {
	int ended;                /* nothing more comes */
	unsigned long long count; /* jobs that were taken */
	/* its own: */
	stralloc in;
	size_t used;           /* bytes of in that have been taken */
	int fds[JOB_FEED_FDS]; /* that wait for their jobs */
	size_t fd_first, fd_count;
	int is_spooling; /* the message of the job at hand comes as a netstring */
	off_t missing;   /* bytes of it; -1: its length has not come */
};

/*
 * Read from fd, a socket or any other stream, what is there.  Returns 1; 0 when nothing
 * was; -1 with errno.  Waits where fd is no socket and nothing is there.
 */
int job_feed_read(struct job_feed *feed, int fd);

/*
 * Take the next job out of what has been read, into job, which is to be the same one
 * until that succeeds; its number is feed->count then.  Returns 1; 0 when more has to be
 * read, or nothing is left; -1 with errno, EPROTO for a malformed job, or one that was
 * cut by the end.
 */
int job_feed_take(struct job_feed *feed, struct job *job);

/* Has a part of a job come, and not all? */
int job_feed_is_cut(const struct job_feed *feed);

#endif
