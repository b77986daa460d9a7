#ifndef MILTER_MILTER_PASS_H
#define MILTER_MILTER_PASS_H

/* The message passed on to the next sink. */

#include "milter/milter_edit.h"
#include "milter/milter_message.h"

/*
 * Pass on to next what the milter has left of the message, or the message as it came.
 * Returns the exit code, which has been reported to report_fd.
 */
int milter_pass_changed(struct milter_message *m, const struct milter_edit *edit,
    int report_fd, const char *const *next);
int milter_pass_untouched(
    const struct milter_message *m, int report_fd, const char *const *next);

/* Say on descriptor 2 what has failed, and report that it is not now.  Returns code. */
int milter_pass_fail(int report_fd, int code, const char *what);

#endif
