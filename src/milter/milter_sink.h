#ifndef MILTER_MILTER_SINK_H
#define MILTER_MILTER_SINK_H

/* A milter asked about a whole message, on its way to the next sink: sink(5). */

#include "milter/milter_talk.h"

/*
 * Read the message and the envelope, ask the milter at address, and pass on to next what
 * it makes of them.  When it can't be asked the message is put off or, if is_optional,
 * passed on as it is.  Returns the exit code.
 */
int milter_sink_run(struct milter_session *t, const char *address, int is_optional,
    const char *const *next);

#endif
