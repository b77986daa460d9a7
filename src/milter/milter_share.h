#ifndef MILTER_MILTER_SHARE_H
#define MILTER_MILTER_SHARE_H

/* One session with a milter for the policy and the sink of an SMTP session. */

#include <stddef.h>

#include "milter/milter_talk.h"

#define MILTER_SHARE_NAME_MAX 64

/* The variable in which the sink finds the policy of the milter at address. */
const char *milter_share_variable(char name[MILTER_SHARE_NAME_MAX], const char *address);

/*
 * Listen on a socket that has a name, and no file: name.  Only who runs as we do is given
 * anything.  Returns the descriptor, or -1 with errno.
 */
int milter_share_listen(char name[MILTER_SHARE_NAME_MAX]);

/*
 * Lend the session to the sink that has connected to the listener, until it gives it
 * back: at most seconds.  When it does not, the session is over.
 */
void milter_share_lend(int listener, struct milter_session *t, unsigned seconds);

/* The sink's side: borrow it.  Returns a descriptor for milter_share_return, or -1. */
int milter_share_borrow(const char *name, struct milter_session *t);

/* Give it back, as far as it has come. */
void milter_share_return(int fd, const struct milter_session *t);

#endif
