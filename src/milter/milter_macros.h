#ifndef MILTER_MILTER_MACROS_H
#define MILTER_MILTER_MACROS_H

/* The macros: what a milter is told of session and message besides, stage by stage. */

#include <stdint.h>

#include <stralloc.h>

#include "milter/milter_packet.h"

/* The stages, by the numbers that the protocol has for them. */
enum milter_macros_stage {
	MILTER_MACROS_CONNECT,
	MILTER_MACROS_HELO,
	MILTER_MACROS_MAIL,
	MILTER_MACROS_RCPT,
	MILTER_MACROS_DATA,
	MILTER_MACROS_BODY_END,
	MILTER_MACROS_HEADER_END,
	MILTER_MACROS_STAGES,
};

/* Which are told: a bit for each that we know. */
struct milter_macros {
	uint64_t told[MILTER_MACROS_STAGES];
};

/* What is known beside the environment; null where it is not. */
struct milter_macros_message {
	const char *id, *sender, *recipient;
};

/* Those that are told when the milter has no wish. */
void milter_macros_usual(struct milter_macros *m);

/*
 * Take the wishes that stand behind the agreed options: number of a stage and names. They
 * are in place of the usual ones there; what we do not know is passed over.  Returns 1,
 * or 0 when they are malformed.
 */
int milter_macros_take(struct milter_macros *m, struct milter_packet_reader *r);

/*
 * Append the packet for what comes next, command, of that stage; none when there is
 * nothing that it may ever be told there.
 */
void milter_macros_put(stralloc *out, const struct milter_macros *m,
    enum milter_macros_stage stage, char command,
    const struct milter_macros_message *message);

/*
 * The client's address, and its name, or "unknown".  A program of this machine, which has
 * neither, is taken for localhost: milters are lost without an address.
 */
const char *milter_macros_client_address(void);
const char *milter_macros_client_name(void);

#endif
