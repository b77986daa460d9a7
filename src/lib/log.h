#ifndef LIB_LOG_H
#define LIB_LOG_H

/* The log: one event a line, log(5). */

#include "lib/log_line.h"

/*
 * Write one line to descriptor 2, in one write (or hold it, lib/log_hold): id=ID
 * at=PROGRAM event=EVENT and then the name, value pairs that follow, up to a null
 * pointer.  PROGRAM is the name given to errmsg_iam.  An id that is null or empty is left
 * out, so is a pair whose value is null.  Values are quoted where they hold a blank, a
 * quote or nothing; what a terminal would not merely show
 * (lib/visible), quotes and backslashes are escaped.
 * errno is kept.
 */
void log_event(const char *id, const char *event, ...) __attribute__((sentinel));

#endif
