#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "deliver/deposit_write.h"
#include "deliver/maildir_find.h"
#include "deliver/maildir_name.h"
#include "deliver/maildir_tmp.h"
#include "lib/file_system.h"
#include "lib/maildir_sweep.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "onward/origin.h"

static void
put_head(stralloc *head, const struct deposit *p)
{
	const struct envelope *e = &p->job->envelope;

	head->len = 0;
	text_cat(head, "Return-Path: <", e->sender, ">\n", (char *)NULL);
	if (p->by_alias)
		text_cat(head, "Delivered-To: ", p->mailbox.s, "\n", (char *)NULL);
	text_cat(
	    head, "Delivered-To: ", e->recipients[p->index].address, "\n", (char *)NULL);
}

void
deposit_write_name(struct deposit *p)
{
	/* a mailbox gets a message once, by however many addresses of its own */
	maildir_name(&p->delivery.name, origin_id(p->job), p->mailbox.s, p->host);
}

/* What has come of writing it, and of its name in tmp. */
static void
conclude(struct deposit *p, int r)
{
	struct maildir_delivery *d = &p->delivery;

	if (r == MAILDIR_WRITTEN) {
		p->is_prepared = p->may_record;
		p->place->coming += d->size;
		p->is_counted = 1;
		p->stage = DEPOSIT_WRITTEN;
		return;
	}
	durable_abandon(&d->file);
	if (r == MAILDIR_FOUND) {
		deposit_found(p);
	} else if (r == MAILDIR_TMP_LEFT) {
		d->again = 1;
		p->stage = DEPOSIT_ASKING;
	} else if (r == MAILDIR_TMP_BUSY) {
		deposit_put_off(p);
	} else if (r == -1) {
		deposit_fail(p);
	} else {
		deposit_end(p, r);
	}
}

/*
 * Is the file to be in memory?  What it will be called is known then before it is begun.
 * 1, 0, or -1 with errno.
 */
static int
take_text(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	struct letter *letter;
	uint64_t octets = 0;

	d->text = NULL;
	if (d->length > LETTER_MAX)
		return 0;
	d->failed = "read the message for";
	letter = letter_take(p->letters, p->job);
	if (letter == NULL)
		return -1;
	d->text = letter_with_head(letter, &d->head, &d->text_len, &octets);
	d->octets = octets;
	return d->text != NULL;
}

/*
 * A file whose name is known begins with it, where a record is going to be kept of it:
 * one without a name costs the kernel more.
 */
static int
write_text(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	int maildir = p->place->maildir, r = maildir_admit(maildir, d);

	if (r == MAILDIR_WRITTEN && p->may_record) {
		r = maildir_tmp_begin(maildir, d, p->said == '0');
	} else if (r == MAILDIR_WRITTEN) {
		d->failed = "begin a file in";
		r = durable_begin(&d->file, maildir, "tmp", 0600) == 0 ? r : -1;
	}
	if (r != MAILDIR_WRITTEN)
		return r;
	d->failed = "write the message to";
	return durable_write(d->file.fd, d->text, d->text_len) == 0 ? r : -1;
}

/* It gets its name in tmp when it is complete. */
static int
write_long(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	int r = maildir_write(p->place->maildir, d);

	if (r == MAILDIR_WRITTEN && p->may_record)
		r = maildir_tmp_prepare(p->place->maildir, d, p->said == '0');
	return r;
}

static void
write_anew(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	int r;

	deposit_write_name(p);
	d->coming = p->place->coming;
	d->room = &p->place->room;
	r = take_text(p);
	if (r != -1)
		r = r == 1 ? write_text(p) : write_long(p);
	conclude(p, r);
}

/*
 * What was prepared and is no longer in tmp has been in new: it has been seen there, and
 * may have been removed.  Unless a power cut can have taken both names of a file that was
 * being renamed, or a program that tidies up maildirs what lay in tmp for long.
 */
static int
must_have_been_seen(const struct deposit *p)
{
	int64_t age = (int64_t)time(NULL) - queueid_time(origin_id(p->job)) / 1000000;

	if (age < 0 || age >= MAILDIR_SWEEP_AGE)
		return 0;
	return p->said == '1' || file_system_renames_whole(p->place->maildir);
}

/* It is not in tmp. */
static void
look_for_seen(struct deposit *p)
{
	int r = 1;

	p->delivery.failed = "look for an earlier delivery in";
	if (!must_have_been_seen(p))
		r = maildir_find(p->place->maildir, p->delivery.name.s);
	if (r == 1)
		deposit_found(p);
	else if (r == 0)
		write_anew(p);
	else
		deposit_end(p, -1);
}

/* After a power cut btrfs may know both names of a file that was renamed. */
static int
has_other_name(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink > 1;
}

/* It is in tmp; is it in new, cur or elsewhere, too, as a power cut may leave it? */
static void
publish_prepared(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	int r = has_other_name(d->file.fd);

	p->is_prepared = p->is_recorded = 1;
	p->stage = DEPOSIT_READY;
	if (r == 0 && p->said == '2' && !file_system_renames_whole(p->place->maildir))
		r = maildir_find(p->place->maildir, d->name.s);
	if (r == 1)
		deposit_found(p);
}

/* An earlier delivery has prepared it. */
static void
take_up(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;
	int r;

	deposit_write_name(p);
	maildir_sweep(p->place->maildir);
	r = maildir_measure(d);
	if (r == 0)
		r = maildir_tmp_claim(p->place->maildir, d);
	if (r == MAILDIR_WRITTEN) {
		publish_prepared(p);
	} else if (r == MAILDIR_DONE) {
		look_for_seen(p);
	} else if (r == MAILDIR_TMP_BUSY) {
		deposit_put_off(p);
	} else if (r == MAILDIR_TMP_LEFT) {
		/* as if there were no record; there is one, of this very file */
		p->said = '0';
		p->is_confirmed = 1;
		write_anew(p);
	} else {
		deposit_end(p, -1);
	}
}

void
deposit_write(struct deposit *p)
{
	struct maildir_delivery *d = &p->delivery;

	if (mailbox_place_enter(p->place) == -1) {
		deposit_fail(p);
		return;
	}
	p->number = ++*p->clock;
	put_head(&d->head, p);
	d->fd = p->job->fd;
	d->offset = p->job->offset;
	d->length = p->job->length;
	if (deposit_may_be_there(p))
		d->again = 1;
	if (p->said == '1' || p->said == '2')
		take_up(p);
	else
		write_anew(p);
}
