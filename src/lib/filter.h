#ifndef LIB_FILTER_H
#define LIB_FILTER_H

/* What the sinks have in common that pipe a message to the next one: sink(5). */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

/* qmail-queue's exit codes. */
#define FILTER_REFUSED 31     /* for good */
#define FILTER_READ_FAILED 54 /* the message or the envelope */
#define FILTER_PUT_OFF 71     /* not now */

/* The descriptor for the report: 4 or 6, if the caller opened it for writing; or -1. */
int filter_report_fd(void);

/*
 * Write a report there: the letter of verdict, and text.  Returns the exit code that says
 * the same.  Dies with DEFER when memory is short.
 */
int filter_report(int fd, int verdict, const char *text);

/* Read up to len bytes of fd.  Returns how many, 0 at the end, or -1 with errno. */
ssize_t filter_read(int fd, char *s, size_t len);

/*
 * The same; *since, the time when the caller may have begun to wait for our answer, is
 * moved to now when there was nothing to be read yet.
 */
ssize_t filter_read_timed(int fd, char *s, size_t len, int64_t *since);

/* Does the caller still wait for the report?  Who has left will bring the message again.
 */
int filter_is_awaited(int report_fd);

/*
 * Read the envelope, descriptor 1, to its end.  Returns 0, or -1 with errno: E2BIG when
 * it is too long.  Dies with DEFER when memory is short.
 */
int filter_envelope(stralloc *envelope);

#endif
