#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/maildir.h"
#include "deliver/maildir_find.h"
#include "lib/dotstuff.h"
#include "lib/durable.h"
#include "lib/text.h"

#define CHUNK 65536

/* What has been written, and how large it is as POP3 and IMAP count. */
struct copy {
	int to; /* -1: nowhere, only counted */
	unsigned long long size;
	struct dotstuff canonical;
};

static int
put(struct copy *copy, const char *s, size_t len)
{
	if (len == 0)
		return 0;
	dotstuff_count(&copy->canonical, s, len);
	copy->size += len;
	return copy->to == -1 ? 0 : durable_write(copy->to, s, len);
}

/* The next bytes of the message, at most room; done is how many have been read. */
static ssize_t
read_some(const struct maildir_delivery *d, char *buf, size_t room, off_t done)
{
	off_t left = d->length - done;
	ssize_t r;

	if (left == 0)
		return 0;
	do {
		if (d->length == -1)
			r = read(d->fd, buf, room);
		else
			r = pread(d->fd, buf, left < (off_t)room ? (size_t)left : room,
			    d->offset + done);
	} while (r == -1 && errno == EINTR);
	if (r == 0 && d->length != -1) {
		errno = EIO; /* it has been cut since its length was told */
		return -1;
	}
	return r;
}

/*
 * Write head and message, a short one in one piece; an unfinished last line gets its end,
 * as it would on every other way.  Returns MAILDIR_DONE, MAILDIR_NEVER as soon as it is
 * too large, or -1.
 */
static int
copy_message(struct copy *copy, struct maildir_delivery *d)
{
	char buf[CHUNK];
	size_t held = 0;
	off_t done = 0;
	ssize_t r;

	d->failed = "write the message to";
	if (d->head.len >= CHUNK / 2) {
		if (put(copy, d->head.s, d->head.len) == -1)
			return -1;
	} else if (d->head.len > 0) {
		memcpy(buf, d->head.s, d->head.len);
		held = d->head.len;
	}
	do {
		r = read_some(d, buf + held, CHUNK - held, done);
		if (r == -1) {
			d->failed = "read the message for";
			return -1;
		}
		if (put(copy, buf, held + (size_t)r) == -1)
			return -1;
		if (d->quota > 0 && copy->size > d->quota)
			return MAILDIR_NEVER;
		held = 0;
		done += r;
	} while (r > 0 && done != d->length);
	if (copy->canonical.line_begun || copy->canonical.cr_held)
		return put(copy, "\n", 1) == 0 ? MAILDIR_DONE : -1;
	return MAILDIR_DONE;
}

static void
set_sizes(struct maildir_delivery *d, unsigned long long size, unsigned long long octets)
{
	char digits[DECIMAL_MAX], canonical[DECIMAL_MAX];

	text_cat(&d->name, ",S=", text_decimal(digits, size),
	    ",W=", text_decimal(canonical, octets), (char *)NULL);
	text_terminate(&d->name);
	d->size = size;
}

static void
take_sizes(struct maildir_delivery *d, struct copy *copy)
{
	dotstuff_count_end(&copy->canonical);
	set_sizes(d, copy->size, copy->canonical.octets);
}

int
maildir_measure(struct maildir_delivery *d)
{
	unsigned long long quota = d->quota;
	struct copy copy = {.to = -1};
	int r;

	d->quota = 0;
	r = copy_message(&copy, d);
	d->quota = quota;
	if (r == -1)
		return -1;
	take_sizes(d, &copy);
	return 0;
}

/*
 * The bytes for which there must be room.  A message may cross the quota by a tenth of
 * it: where the client told no size at RCPT it has been accepted when there was room, and
 * to keep it in the queue until the sender gives up serves nobody.
 */
static unsigned long long
room_needed(const struct maildir_delivery *d)
{
	unsigned long long grace = d->quota / 10;

	return d->size > grace ? d->size - grace : 1;
}

/*
 * Does the complete file fit?  What is in new counts for the quota, and must not be what
 * makes the maildir full.
 */
static int
check_room(int maildir, struct maildir_delivery *d)
{
	unsigned long long needed = room_needed(d), room;
	int r;

	if (d->quota == 0 || (d->room != NULL && room_take(d->room, d->quota, d->size)))
		return MAILDIR_WRITTEN;
	d->failed = "count the messages of";
	if (needed <= d->quota && d->coming > d->quota - needed)
		r = MAILDIR_FULL;
	else
		r = maildirsize_room(maildir, d->quota, needed + d->coming, 0, &room);
	if (r == MAILDIRSIZE_FITS) {
		if (d->room != NULL)
			room_set(d->room, d->quota, room - d->coming, d->size);
		return MAILDIR_WRITTEN;
	}
	return r != -1 && maildir_find_name(maildir, "new", d->name.s) ? MAILDIR_FOUND
								       : r;
}

/* MAILDIR_FOUND, MAILDIR_WRITTEN when it is not there, or -1. */
static int
begin_delivery(int maildir, struct maildir_delivery *d)
{
	int r;

	d->size = 0;
	d->named = 0;
	if (!d->again)
		return MAILDIR_WRITTEN;
	d->failed = "look for an earlier delivery in";
	r = maildir_find(maildir, d->name.s);
	return r == 1 ? MAILDIR_FOUND : r == 0 ? MAILDIR_WRITTEN : -1;
}

int
maildir_admit(int maildir, struct maildir_delivery *d)
{
	int r = begin_delivery(maildir, d);

	if (r != MAILDIR_WRITTEN)
		return r;
	if (d->quota > 0 && d->text_len > d->quota)
		return MAILDIR_NEVER;
	set_sizes(d, d->text_len, d->octets);
	return check_room(maildir, d);
}

int
maildir_write(int maildir, struct maildir_delivery *d)
{
	struct copy copy = {0};
	int r = begin_delivery(maildir, d);

	if (r != MAILDIR_WRITTEN)
		return r;
	d->failed = "begin a file in";
	if (durable_begin(&d->file, maildir, "tmp", 0600) == -1)
		return -1;
	copy.to = d->file.fd;
	r = copy_message(&copy, d);
	if (r == MAILDIR_DONE) {
		take_sizes(d, &copy);
		r = check_room(maildir, d);
	}
	if (r != MAILDIR_WRITTEN)
		durable_abandon(&d->file);
	return r;
}

int
maildir_keep(int maildir, struct maildir_delivery *d)
{
	d->failed = "keep the message in";
	if (durable_commit(&d->file, "new", d->name.s) == -1)
		return errno == EEXIST ? MAILDIR_DONE : -1;
	d->named = 1;
	/* what is not noted here is found when the messages are counted */
	maildirsize_add(maildir, (long long)d->size, 1);
	return MAILDIR_DONE;
}

/* What has the name in new?  Keeps errno when it is a file. */
static int
is_message(int maildir, const char *name)
{
	char path[sizeof("new/") + NAME_MAX];
	struct stat st;

	strcpy(stpcpy(path, "new/"), name);
	return fstatat(maildir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

int
maildir_publish(int maildir, struct maildir_delivery *d)
{
	int r;

	d->failed = "keep the message in";
	if (d->file.tmp[0] != '\0')
		r = durable_publish(&d->file, "new", d->name.s);
	else
		r = durable_name(&d->file, "new", d->name.s);
	if (r == -1)
		return errno == EEXIST && is_message(maildir, d->name.s) ? MAILDIR_DONE
									 : -1;
	d->named = 1;
	return MAILDIR_DONE;
}

void
maildir_take_back(int maildir, const struct maildir_delivery *d)
{
	char path[sizeof("new/") + NAME_MAX];

	strcpy(stpcpy(path, "new/"), d->name.s);
	if (unlinkat(maildir, path, 0) == 0)
		maildirsize_add(maildir, -(long long)d->size, -1);
}

/* A folder that is missing has no names. */
static int
sync_folder(int maildir, const char *folder)
{
	return durable_sync_directory(maildir, folder) == -1 && errno != ENOENT ? -1 : 0;
}

int
maildir_sync(int maildir, struct maildir_delivery *d)
{
	d->failed = "keep the message in";
	return sync_folder(maildir, "new") == -1 || sync_folder(maildir, "cur") == -1 ||
		       sync_folder(maildir, "tmp") == -1
		   ? -1
		   : 0;
}
