#ifndef QUEUE_CHOICE_H
#define QUEUE_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/selector.h"
#include "queue/file.h"
#include "queue/ledger.h"
#include "queue/walk.h"

/* Which messages the words of a command line mean: IDs, a selector, or `all`. */
struct choice {
	struct selector selector;
	char **ids; /* words of the command line */
	size_t count;
	int all;
};

/*
 * Take the words, up to a null pointer; the strings must stay, the list is written over.
 * Returns null; or what is wrong, and *word is the one that is.
 */
const char *choice_take(struct choice *c, char **words, const char **word);

/*
 * May the message id at place be meant, as far as its name tells, which says how old it
 * is?  What is not need not be opened.
 */
int choice_may_mean(const struct choice *c, const char *id, int64_t place, int64_t now);

/*
 * Which recipients of the message are meant?  Sets picked[i] to 1 for these, to 0 for all
 * others, and returns how many they are; 0 when the message is not meant.
 */
size_t choice_pick(const struct choice *c, const struct file *f, const char *id,
    int64_t place, int64_t now, char *picked);

/*
 * Visit all that may be meant, to be asked by choice_pick: messages that have IDs
 * in the words, else the whole queue, the journal first; what becomes a file meanwhile is
 * visited once.  The ledger is read when it is needed, and opens what is visited. Returns
 * the verdict: REJECT, after a warning, when an ID is nowhere, DEFER when something could
 * not be read.
 */
int choice_visit(
    const struct choice *c, struct ledger *l, walk_visit *visit, void *context);

/* Do the words ask for states? */
int choice_asks_state(const struct choice *c);

/* Is what is no message meant too, at this place?  Nothing else is known of it. */
int choice_takes_foreign(const struct choice *c, int64_t place);

/* waiting, deferred, failed, delivered, bounced, removed: a recipient's state in words.
 */
const char *choice_state_name(char state);

#endif
