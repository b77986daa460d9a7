#ifndef POLICY_SPP_PLUGINS_H
#define POLICY_SPP_PLUGINS_H

/* Plugins of qmail-spp, listed in control/smtpplugins and run. */

#include <stralloc.h>

/* When a plugin runs: the sections of control/smtpplugins. */
enum spp_event {
	SPP_CONNECTION,
	SPP_HELO,
	SPP_MAIL,
	SPP_RCPT,
	SPP_DATA,
	SPP_EVENTS,
};

/* The plugins of each event, each ended by \0; zeroed to begin with. */
struct spp_plugins {
	stralloc list[SPP_EVENTS];
};

/*
 * Add those in the lines of control/smtpplugins (each ended by \0).  Returns 0, or -1
 * when a plugin stands before the first section.  Sections that are never run,
 * as [auth], are logged.
 */
int spp_plugins_read(struct spp_plugins *plugins, const char *lines, size_t len);

/* Add EVENT=PLUGIN.  Returns 0, or -1 when it is not of that form. */
int spp_plugins_add(struct spp_plugins *plugins, const char *s);

#define SPP_OUTPUT_MAX 4096

/*
 * Run a plugin, a program without arguments or, after a colon, a command for sh, and read
 * what it says into output.  Returns its wait(2) status; -1 with errno when it could not
 * be run, said too much (EFBIG) or took too long (ETIMEDOUT) and was killed.
 */
int spp_plugins_run(const char *plugin, stralloc *output, unsigned seconds);

#endif
