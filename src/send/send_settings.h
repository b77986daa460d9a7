#ifndef SEND_SEND_SETTINGS_H
#define SEND_SEND_SETTINGS_H

#include <stralloc.h>

/* What the control files say about sending.  Zeroed to begin with, used again. */
struct send_settings {
	stralloc me;
	stralloc helohost;
	stralloc routes;    /* lines of smtproutes, each ended by \0 */
	stralloc resolvers; /* the same */
	unsigned seconds_connect;
	unsigned seconds_remote;
	unsigned port; /* where the servers of others listen */
};

/* Read them anew.  Returns null, or what is wrong, a constant. */
const char *send_settings_read(struct send_settings *s);

#endif
