#ifndef DELIVER_WAY_H
#define DELIVER_WAY_H

/* Where the mail for a recipient goes. */

#include <stddef.h>

#include "deliver/letter.h"
#include "lib/job.h"
#include "lib/outcome.h"
#include "lib/users.h"

/* Zeroed to begin with, but for users.fd, which is -1. */
struct way {
	struct users users;
	struct letter_box letters;
	int is_fresh;     /* the users' file has been looked at, which will do for now */
	struct user user; /* who the last recipient is */
	struct user target;         /* the mailbox, when that is an alias of one */
	const struct user *mailbox; /* one of these */
};

enum way_kind { WAY_NOWHERE, WAY_MAILBOX, WAY_ALIAS };

/* What was read of files is not believed any longer: to be called now and then. */
void way_renew(struct way *way);

/*
 * Where does the job's message go for that recipient?  Into way->mailbox, or on to the
 * targets of way->user; or nowhere, for it loops, or there is nobody, or we can't tell:
 * then the answer is set.
 */
enum way_kind way_find(
    struct way *way, const struct job *job, size_t index, struct outcome *answer);

#endif
