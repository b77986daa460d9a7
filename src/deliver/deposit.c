#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deliver/deposit.h"
#include "deliver/mailbox.h"
#include "deliver/owner.h"
#include "lib/address.h"
#include "lib/text.h"

static void
put_head(stralloc *head, const struct deposit *p)
{
	const char *sender = p->job->envelope.sender;

	head->len = 0;
	text_cat(head, "Return-Path: <", sender, ">\n", (char *)NULL);
	if (p->by_alias)
		text_cat(
		    head, "Delivered-To: ", p->mailbox->address.s, "\n", (char *)NULL);
	text_cat(head, "Delivered-To: ", p->recipient, "\n", (char *)NULL);
}

/* One try, as the mailbox's owner.  Returns as maildir_deliver. */
static int
try_once(struct deposit *p)
{
	const char *again = envelope_parameter(&p->job->envelope, "again");
	struct delivery *d = &p->delivery;
	stralloc key = {0};
	int maildir, r;

	address_key(&key, p->recipient, strlen(p->recipient));
	maildir_name(&d->name, p->job->id, key.s, p->host);
	stralloc_free(&key);
	d->fd = p->job->fd;
	d->offset = p->job->offset;
	d->length = p->job->length;
	d->again = again != NULL && strcmp(again, "1") == 0;
	d->failed = "enter";
	maildir = mailbox_enter(p->folder.s, p->mailbox->uid, p->mailbox->gid);
	if (maildir == -1)
		return -1;
	r = maildir_deliver(maildir, d);
	owner_return();
	close(maildir);
	return r;
}

/* "unable to VERB mailbox ADDRESS: reason" */
static void
report_trouble(const struct deposit *p, struct answer *answer)
{
	const char *address = p->mailbox->address.s;
	stralloc what = {0};

	if (errno == EPERM && p->mailbox->uid == 0) {
		answer_set(answer, 'Z', "4.3.5", "mailbox ", address,
		    " belongs to root, as whom nothing is delivered", (char *)NULL);
		return;
	}
	if (errno == EPERM && geteuid() != 0 && p->mailbox->uid != geteuid()) {
		answer_set(answer, 'Z', "4.3.5", "mailbox ", address,
		    " belongs to another user than us", (char *)NULL);
		return;
	}
	text_cat(&what, p->delivery.failed, " mailbox ", address, (char *)NULL);
	text_terminate(&what);
	answer_trouble(answer, what.s);
	stralloc_free(&what);
}

void
deposit_make(struct deposit *p, struct answer *answer)
{
	const char *address = p->mailbox->address.s;
	int r;

	p->folder.len = 0;
	if (!users_folder(&p->folder, address)) {
		answer_set(answer, 'Z', "4.3.5", "no folder can be named after ", address,
		    (char *)NULL);
		return;
	}
	put_head(&p->delivery.head, p);
	r = try_once(p);
	if (r == -1 && errno == ENOENT) {
		p->delivery.failed = "make the folders of";
		r = mailbox_create(p->folder.s, p->mailbox->uid, p->mailbox->gid);
		if (r == 0)
			r = try_once(p);
	}
	if (r == MAILDIR_DONE)
		answer_set(answer, 'K', "2.0.0", "delivered to ", address, (char *)NULL);
	else if (r == MAILDIR_FULL)
		answer_set(
		    answer, 'Z', "4.2.2", "mailbox ", address, " is full", (char *)NULL);
	else if (r == MAILDIR_NEVER)
		answer_set(answer, 'D', "5.2.2", "the message is larger than mailbox ",
		    address, " may become", (char *)NULL);
	else
		report_trouble(p, answer);
}
