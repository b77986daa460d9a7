#ifndef LIB_LOG_HOLD_H
#define LIB_LOG_HOLD_H

/* Log lines held and written together. */

#include <stddef.h>

/*
 * Write lines to descriptor 2: at once, or, after log_hold, when log_hold_release is
 * called, when PIPE_BUF bytes are full (a pipe takes no more in one piece), and when the
 * program ends by exit(3).  Each write wakes the logger, which costs as much as eight of
 * our system calls, so a program that does much in one turn releases once a turn.
 */
void log_hold(void);
void log_hold_release(void);

/* Write, or hold, one line.  errno is kept. */
void log_hold_put(const char *line, size_t len);

/* Each line that is put from now on is also given to also, at once. */
void log_hold_also(void (*also)(const char *line, size_t len));

#endif
