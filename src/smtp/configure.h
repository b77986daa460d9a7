#ifndef SMTP_CONFIGURE_H
#define SMTP_CONFIGURE_H

/* What control files and environment say of a session. */

#include "smtp/session.h"

/* How many seconds a client has. */
struct configure_times {
	unsigned step;
	unsigned stranger; /* up to the first accepted MAIL or AUTH */
	unsigned whole;    /* for the session */
};

/* Read them.  Returns 0, or -1 after having logged why. */
int configure_read(struct session *session, struct configure_times *times);

#endif
