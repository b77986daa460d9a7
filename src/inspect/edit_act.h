#ifndef INSPECT_EDIT_ACT_H
#define INSPECT_EDIT_ACT_H

#include <stddef.h>
#include <stdint.h>

#include "inspect/edit_folders.h"
#include "queue/file.h"

/* What queue-edit does to a message. */
struct edit_act {
	const char *name;   /* in the command line */
	const char *past;   /* in the log */
	char letter;        /* of the lines in the journal, 0: none */
	const char *status; /* in these */
	const char *places; /* where a message may be for it: letters of their names */
	/* of the recipients that it is for: W for not tried, and Z, D */
	const char *states;
	const char *words; /* when the admin has none */
};

/* The act of that name, or null. */
const struct edit_act *edit_act_named(const char *name);

/* A message, opened and locked, and what is to be done. */
struct edit_message {
	const char *id;
	int64_t place;
	struct file *file;
	const char *picked;    /* of each recipient, whether it is meant */
	const char *words;     /* of the admin */
	const char *from, *to; /* addresses, for redirect */
	const char *admin;
	struct edit_folders *folders; /* that are to be synced at the end */
};

/* Null, or why this act is nothing for a message in this place. */
const char *edit_act_refuses(const struct edit_act *act, int64_t place);

/* Is it for recipient i? */
int edit_act_meets(const struct edit_act *act, const struct edit_message *m, size_t i);

/* Would it end a message of which nobody is left, as a crash may leave one? */
int edit_act_ends(const struct edit_act *act, const struct edit_message *m);

/*
 * Do it: to the recipients that it meets, or to the message where that is all there is.
 * What is done is logged, and on the disk when the folders are.  Returns 0, or -1 after a
 * warning: what was done before it stays done.
 */
int edit_act_do(const struct edit_act *act, const struct edit_message *m);

#endif
