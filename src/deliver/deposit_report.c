#include <errno.h>
#include <unistd.h>

#include "deliver/deposit_report.h"
#include "lib/text.h"
#include "onward/answer.h"
#include "onward/owner.h"

/* "unable to VERB mailbox ADDRESS: reason" */
static void
report_trouble(const struct deposit *p, struct outcome *answer)
{
	uid_t uid = p->place->uid;
	stralloc what = {0};

	if (p->error == EPERM && uid == 0) {
		outcome_set(answer, 'Z', "4.3.5", "mailbox ", p->mailbox.s,
		    " belongs to root, as whom nothing is delivered", (char *)NULL);
		return;
	}
	if (p->error == EPERM && !owner_is_root() && uid != geteuid()) {
		outcome_set(answer, 'Z', "4.3.5", "mailbox ", p->mailbox.s,
		    " belongs to another user than us", (char *)NULL);
		return;
	}
	text_cat(&what, p->delivery.failed, " mailbox ", p->mailbox.s, (char *)NULL);
	text_terminate(&what);
	errno = p->error;
	answer_trouble(answer, what.s);
	stralloc_free(&what);
}

void
deposit_report(const struct deposit *p, struct outcome *answer)
{
	const char *mailbox = p->mailbox.s;

	if (p->result == MAILDIR_DONE)
		outcome_set(answer, 'K', "2.0.0", "delivered to ", mailbox, (char *)NULL);
	else if (p->result == MAILDIR_FULL)
		outcome_set(
		    answer, 'Z', "4.2.2", "mailbox ", mailbox, " is full", (char *)NULL);
	else if (p->result == MAILDIR_NEVER)
		outcome_set(answer, 'D', "5.2.2", "the message is larger than mailbox ",
		    mailbox, " may become", (char *)NULL);
	else
		report_trouble(p, answer);
}
