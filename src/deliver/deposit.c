#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deliver/deposit.h"
#include "deliver/mailbox.h"
#include "deliver/maildir_name.h"
#include "deliver/owner.h"
#include "lib/address.h"
#include "lib/durable_batch.h"
#include "lib/text.h"

static const char *
recipient_of(const struct deposit *p)
{
	return p->job->envelope.recipients[p->index].address;
}

static void
put_head(stralloc *head, const struct deposit *p)
{
	const char *sender = p->job->envelope.sender;

	head->len = 0;
	text_cat(head, "Return-Path: <", sender, ">\n", (char *)NULL);
	if (p->by_alias)
		text_cat(head, "Delivered-To: ", p->mailbox.s, "\n", (char *)NULL);
	text_cat(head, "Delivered-To: ", recipient_of(p), "\n", (char *)NULL);
}

/* One try, as the mailbox's owner.  Returns as maildir_write. */
static int
try_once(struct deposit *p)
{
	const char *again = envelope_parameter(&p->job->envelope, "again");
	struct delivery *d = &p->delivery;
	stralloc key = {0};
	int r;

	address_key(&key, recipient_of(p), strlen(recipient_of(p)));
	maildir_name(&d->name, p->job->id, key.s, p->host);
	stralloc_free(&key);
	d->fd = p->job->fd;
	d->offset = p->job->offset;
	d->length = p->job->length;
	d->again = again != NULL && strcmp(again, "1") == 0;
	d->failed = "enter";
	p->maildir = mailbox_enter(p->folder.s, p->uid, p->gid);
	if (p->maildir == -1)
		return -1;
	r = maildir_write(p->maildir, d);
	owner_return();
	if (r != MAILDIR_WRITTEN)
		close(p->maildir);
	return r;
}

/* "unable to VERB mailbox ADDRESS: reason" */
static void
report_trouble(const struct deposit *p)
{
	stralloc what = {0};

	errno = p->error;
	if (errno == EPERM && p->uid == 0) {
		answer_set(p->answer, 'Z', "4.3.5", "mailbox ", p->mailbox.s,
		    " belongs to root, as whom nothing is delivered", (char *)NULL);
		return;
	}
	if (errno == EPERM && geteuid() != 0 && p->uid != geteuid()) {
		answer_set(p->answer, 'Z', "4.3.5", "mailbox ", p->mailbox.s,
		    " belongs to another user than us", (char *)NULL);
		return;
	}
	text_cat(&what, p->delivery.failed, " mailbox ", p->mailbox.s, (char *)NULL);
	text_terminate(&what);
	errno = p->error;
	answer_trouble(p->answer, what.s);
	stralloc_free(&what);
}

static void
answer(const struct deposit *p)
{
	const char *mailbox = p->mailbox.s;

	if (p->result == MAILDIR_DONE)
		answer_set(
		    p->answer, 'K', "2.0.0", "delivered to ", mailbox, (char *)NULL);
	else if (p->result == MAILDIR_FULL)
		answer_set(p->answer, 'Z', "4.2.2", "mailbox ", mailbox, " is full",
		    (char *)NULL);
	else if (p->result == MAILDIR_NEVER)
		answer_set(p->answer, 'D', "5.2.2", "the message is larger than mailbox ",
		    mailbox, " may become", (char *)NULL);
	else
		report_trouble(p);
}

/* Make what is missing of the mailbox's folders and begin again.  As maildir_write. */
static int
begin_anew(struct deposit *p)
{
	p->delivery.failed = "make the folders of";
	if (mailbox_create(p->folder.s, p->uid, p->gid) == -1)
		return -1;
	return try_once(p);
}

int
deposit_begin(struct deposit *p)
{
	int r;

	p->folder.len = 0;
	if (!users_folder(&p->folder, p->mailbox.s)) {
		answer_set(p->answer, 'Z', "4.3.5", "no folder can be named after ",
		    p->mailbox.s, (char *)NULL);
		return 0;
	}
	put_head(&p->delivery.head, p);
	r = try_once(p);
	if (r == -1 && errno == ENOENT)
		r = begin_anew(p);
	if (r == MAILDIR_WRITTEN)
		return 1;
	p->result = r;
	p->error = errno;
	answer(p);
	return 0;
}

/* Take a step of the delivery as the mailbox's owner. */
static void
step(struct deposit *p, int (*function)(int maildir, struct delivery *d))
{
	p->delivery.failed = "enter";
	p->result = owner_become(p->uid, p->gid);
	if (p->result == 0) {
		p->result = function(p->maildir, &p->delivery);
		owner_return();
	}
	p->error = errno;
}

/* All of the n for one reason, which errno says. */
static void
fail(struct deposit *list, size_t n, const char *what)
{
	int error = errno;
	size_t i;

	for (i = 0; i < n; i++) {
		list[i].result = -1;
		list[i].error = error;
		list[i].delivery.failed = what;
	}
}

/* Those whose file is open, of n. */
static size_t
collect(struct durable **files, struct deposit *list, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		if (list[i].delivery.file.fd != -1)
			files[count++] = &list[i].delivery.file;
	return count;
}

/* Put all into new between two syncs of the file system.  Sets the results. */
static void
keep_together(struct durable **files, struct deposit *list, size_t n)
{
	static const char what[] = "keep the message in";
	size_t i, count;
	int error;

	if (durable_batch_sync(files, n) == -1) {
		fail(list, n, what);
		return;
	}
	for (i = 0; i < n; i++)
		step(&list[i], maildir_put_in_new);
	count = collect(files, list, n);
	if (count == 0 || durable_batch_sync(files, count) == 0)
		return;
	error = errno;
	for (i = 0; i < n; i++)
		if (list[i].result == MAILDIR_DONE)
			step(&list[i], maildir_take_back);
	errno = error;
	fail(list, n, what);
}

/* tmp was there, but new is missing: once more, by itself. */
static void
try_again(struct deposit *p)
{
	p->result = begin_anew(p);
	p->error = errno;
	if (p->result != MAILDIR_WRITTEN)
		return;
	step(p, maildir_keep);
	close(p->maildir);
}

/* Where a file has a name before it is complete, that stands in the owner's folder. */
static void
abandon(struct deposit *p)
{
	struct durable *file = &p->delivery.file;

	if (file->tmp[0] == '\0') {
		durable_abandon(file);
	} else if (owner_become(p->uid, p->gid) == 0) {
		durable_abandon(file);
		owner_return();
	} else if (file->fd != -1) {
		close(file->fd);
		file->fd = -1;
	}
}

static void
end(struct deposit *p)
{
	abandon(p);
	close(p->maildir);
	if (p->result == -1 && p->error == ENOENT)
		try_again(p);
	answer(p);
}

void
deposits_end(struct deposit *list, size_t n)
{
	struct durable *files[DEPOSITS_MAX] = {NULL};
	size_t i;

	collect(files, list, n);
	if (durable_batch_fits(files, n))
		keep_together(files, list, n);
	else
		for (i = 0; i < n; i++)
			step(&list[i], maildir_keep);
	for (i = 0; i < n; i++)
		end(&list[i]);
}
