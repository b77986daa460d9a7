#ifndef QUEUE_LEDGER_H
#define QUEUE_LEDGER_H

/*
 * The messages that stand in the journal of the queue's service and are no files yet, for
 * tools: read without a lock, while the service writes, and changing nothing.
 */

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"
#include "queue/file.h"
#include "queue/ledger_segment.h"
#include "queue/walk.h"

struct ledger_line; /* lines of a message's history */

/* A message of which nothing said that it is settled, as far as the journal was read. */
struct ledger_entry {
	struct ledger_entry *chain, *earlier, *later;
	struct ledger_line *lines, *last_line;
	uint64_t at;      /* where its queue file begins, in the segment; */
	uint32_t len;     /* 0: it is known only as shown */
	unsigned segment; /* its number */
	char id[QUEUEID_LEN + 1];
	char shown;
};

/* All of them: some 120 bytes of memory each.  Zeroed to begin with. */
struct ledger {
	struct ledger_segment segments[LEDGER_SEGMENT_MOST]; /* by their numbers */
	char is_open[LEDGER_SEGMENT_MOST];
	struct ledger_entry **slots, *first, *last;
	size_t room, count;
	uint64_t seed;
	int is_read, trouble;
	/* Who is told of what can't be read, or null: then a warning is written. */
	void (*tell)(void *context, const char *path, const char *why);
	void *context;
};

/*
 * Read the journal, unless that has been done.  A message that becomes a file meanwhile
 * may be missing: who then looks at the folders finds it.  Returns 0; -1 after a warning,
 * or after tell, when not all could be read: the rest is there.  Dies with DEFER when
 * memory is short.
 */
int ledger_read(struct ledger *l);

/*
 * As file_open of message id at this place of the queue; at PLACE_JOURNAL that is a
 * message of the ledger, of which with FILE_GLANCE the message itself is left out, or a
 * file that is about to leave the journal's folder.  ENOENT when it has gone from there.
 */
int ledger_open(struct ledger *l, struct file *f, int64_t place, const char *id,
    int flags, const char **why);

/*
 * Visit all messages of the ledger, at PLACE_JOURNAL, in the order in which they came,
 * and the files that stand in the journal's folder.  Those of which visit does not return
 * 0 are shown then.  Returns as walk.
 */
int ledger_walk(struct ledger *l, walk_visit *visit, void *context);

/* Has that message been shown, wherever it stands now? */
int ledger_has_shown(const struct ledger *l, const char *id);

#endif
