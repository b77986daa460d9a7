#ifndef MILTER_MILTER_MESSAGE_H
#define MILTER_MILTER_MESSAGE_H

/* The message that a sink is given, kept while a milter is asked about it. */

#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "lib/queueid.h"
#include "lib/spool.h"
#include "milter/milter_edit.h"

/* Zeroed to begin with. */
struct milter_message {
	char id[QUEUEID_LEN + 1];
	struct spool spool;
	off_t body;         /* where what is behind header and empty line begins */
	int has_field;      /* it begins with one */
	int has_empty_line; /* behind the header */
	int64_t until;      /* when we have to have answered: lib/sink_time */
	stralloc envelope;  /* as it came */
	stralloc parsed;    /* a copy that is taken apart */
	struct envelope parts;
};

/*
 * Read the message and the envelope: sink(5); the fields of its header are put into edit.
 * Returns 0, or an exit code of lib/filter with *why and errno.
 */
int milter_message_read(
    struct milter_message *m, struct milter_edit *edit, const char **why);

/*
 * Append what the client gave with the sender, or with recipient i, as words with blanks
 * before.
 */
void milter_message_put_parameters(const struct milter_message *m, stralloc *out);
void milter_message_put_notices(const struct milter_message *m, size_t i, stralloc *out);

#endif
