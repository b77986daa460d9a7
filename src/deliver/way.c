#include <errno.h>
#include <string.h>

#include "deliver/alias.h"
#include "deliver/trace.h"
#include "deliver/way.h"
#include "lib/address.h"
#include "lib/text.h"
#include "onward/answer.h"
#include "onward/srs_rule.h"

void
way_renew(struct way *way)
{
	way->is_fresh = 0;
}

/* The newest fields of the header tell.  1, 0, or -1 with errno. */
static int
is_loop(struct way *way, const struct job *job, const char *recipient)
{
	const struct letter *letter = letter_take(&way->letters, job);

	if (letter == NULL)
		return -1;
	return trace_loops(letter_start(letter), letter->len, recipient);
}

/* Nobody: for good, unless the domain is not ours at all (any more). */
static void
unknown(struct way *way, const char *recipient, struct outcome *answer)
{
	size_t len = strlen(recipient), domain = address_domain(recipient, len);

	if (domain > 0 &&
	    users_domain(&way->users, recipient + domain, len - domain) == 0)
		outcome_set(answer, 'Z', "4.3.5", recipient + domain,
		    " is not a domain of this system", (char *)NULL);
	else
		outcome_set(answer, 'D', "5.1.1", "no mailbox or alias ", recipient,
		    (char *)NULL);
}

/*
 * Is it an address that we have made of a sender?  Mail to it goes on to that one: 1; 0
 * when it is not; -1 when the answer is set.
 */
static int
find_sender(struct way *way, const char *recipient, struct outcome *answer)
{
	enum srs_result result;
	stralloc sender = {0};

	/* it was young enough when it was taken */
	if (srs_rule_reverse(&sender, recipient, SRS_ALWAYS, &result) == -1) {
		answer_trouble(answer, "read control/srssecrets");
		return -1;
	}
	if (result == SRS_GOOD) {
		way->user.kind = USER_ALIAS;
		text_set(&way->user.address, recipient);
		text_catb(&sender, "", 1);
		text_setb(&way->user.targets, sender.s, sender.len);
	} else if (result != SRS_NONE) {
		outcome_set(answer, 'D', "5.1.1", recipient,
		    " was not made here of a sender", (char *)NULL);
	}
	stralloc_free(&sender);
	return result == SRS_GOOD ? 1 : result == SRS_NONE ? 0 : -1;
}

/* Where it goes that does not loop. */
static enum way_kind
find_user(struct way *way, const char *recipient, struct outcome *answer)
{
	int found, only = 0;

	found = way->is_fresh && way->users.fd != -1 ? 0 : users_refresh(&way->users);
	way->is_fresh = 1;
	if (found == 0 && srs_is(recipient) &&
	    srs_rule_is_remote(&way->users, recipient) == 0) {
		found = find_sender(way, recipient, answer);
		if (found != 0)
			return found == 1 ? WAY_ALIAS : WAY_NOWHERE;
	}
	if (found == 0)
		found = users_find(&way->users, recipient, strlen(recipient), &way->user);
	if (found == 1 && way->user.kind == USER_ALIAS)
		only = alias_only_mailbox(&way->users, &way->user, &way->target);
	way->mailbox = only ? &way->target : &way->user;
	if (found == -1 || only == -1)
		answer_trouble(answer, "read " USERS_CDB);
	else if (found == 0)
		unknown(way, recipient, answer);
	else if (way->user.kind == USER_MAILBOX || only)
		return WAY_MAILBOX;
	else if (way->user.targets.len > 0)
		return WAY_ALIAS;
	else
		outcome_set(answer, 'Z', "4.3.5", "alias ", way->user.address.s,
		    " leads nowhere", (char *)NULL);
	return WAY_NOWHERE;
}

enum way_kind
way_find(struct way *way, const struct job *job, size_t index, struct outcome *answer)
{
	const char *recipient = job->envelope.recipients[index].address;
	int loop = is_loop(way, job, recipient);

	if (loop == -1)
		answer_trouble(answer, "read the message");
	else if (loop)
		outcome_set(answer, 'D', "5.4.6",
		    "the message loops: it has been delivered to ", recipient, " before",
		    (char *)NULL);
	else
		return find_user(way, recipient, answer);
	return WAY_NOWHERE;
}
