#ifndef POLICY_SPP_STATE_H
#define POLICY_SPP_STATE_H

#include <stralloc.h>

#include "policy/spp_plugins.h"

/* What plugins have said that holds for requests to come; zeroed to begin with. */
struct spp_state {
	int is_off;                 /* all that comes is accepted */
	stralloc rejection;         /* or else, unless empty, answered this */
	stralloc later[SPP_EVENTS]; /* the same for requests of one kind */
	stralloc fields;            /* header fields not yet told, each ended by \0 */
};

/* Forget what was said of a transaction that is over. */
void spp_state_reset(struct spp_state *state);

/*
 * Do what one line of a plugin, a C string, says; a refusal of the request under way is
 * appended to answer.  Returns 1 when no more plugins are to run.  Dies with DEFER when
 * memory is short.
 */
int spp_state_obey(
    struct spp_state *state, const char *plugin, char *line, stralloc *answer);

/* Log what is wrong with a plugin; said may be null. */
void spp_state_complain(const char *plugin, const char *what, const char *said);

#endif
