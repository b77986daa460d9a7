#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "deliver/maildir.h"
#include "lib/dotstuff.h"
#include "lib/durable.h"
#include "lib/maildirname.h"
#include "lib/text.h"

#define CHUNK 65536

/* What has been written, and how large it is as POP3 and IMAP count. */
struct copy {
	int to;
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
	return durable_write(copy->to, s, len);
}

/* The next bytes of the message; done is how many have been read. */
static ssize_t
read_some(const struct delivery *d, char *buf, off_t done)
{
	off_t left = d->length - done;
	ssize_t r;

	if (left == 0)
		return 0;
	do {
		if (d->length == -1)
			r = read(d->fd, buf, CHUNK);
		else
			r = pread(d->fd, buf, left < CHUNK ? (size_t)left : CHUNK,
			    d->offset + done);
	} while (r == -1 && errno == EINTR);
	if (r == 0 && d->length != -1) {
		errno = EIO; /* it has been cut since its length was told */
		return -1;
	}
	return r;
}

/*
 * Write head and message; an unfinished last line gets its end, as it would on
 * every other way.  Returns MAILDIR_DONE, MAILDIR_NEVER as soon as it is too large, or
 * -1.
 */
static int
copy_message(struct copy *copy, struct delivery *d)
{
	char buf[CHUNK];
	off_t done = 0;
	ssize_t r;

	d->failed = "write the message to";
	if (put(copy, d->head.s, d->head.len) == -1)
		return -1;
	for (;;) {
		r = read_some(d, buf, done);
		if (r == -1) {
			d->failed = "read the message for";
			return -1;
		}
		if (r == 0)
			break;
		if (put(copy, buf, (size_t)r) == -1)
			return -1;
		if (d->quota > 0 && copy->size > d->quota)
			return MAILDIR_NEVER;
		done += r;
	}
	if (copy->canonical.line_begun || copy->canonical.cr_held)
		return put(copy, "\n", 1) == 0 ? MAILDIR_DONE : -1;
	return MAILDIR_DONE;
}

/* Does folder hold a file with the unique part base?  1, 0, or -1 with errno. */
static int
holds(int maildir, const char *folder, const char *base)
{
	struct dirent *entry;
	size_t len = strlen(base);
	int fd, found = 0, saved;
	DIR *list;

	fd = openat(maildir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	list = fdopendir(fd);
	if (list == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	errno = 0;
	while (!found && (entry = readdir(list)) != NULL)
		found = maildirname_base(entry->d_name) == len &&
			memcmp(entry->d_name, base, len) == 0;
	saved = errno;
	closedir(list);
	errno = saved;
	return found ? 1 : saved != 0 ? -1 : 0;
}

static void
put_sizes(stralloc *name, const struct copy *copy)
{
	char size[DECIMAL_MAX], canonical[DECIMAL_MAX];

	text_cat(name, ",S=", text_decimal(size, copy->size),
	    ",W=", text_decimal(canonical, copy->canonical.octets), (char *)NULL);
	text_terminate(name);
}

/* Is it in new?  It counts for the quota then, and must not be what makes the maildir
 * full. */
static int
is_there(int maildir, const char *name)
{
	char path[sizeof("new/") + NAME_MAX];

	if (strlen(name) > NAME_MAX)
		return 0;
	strcpy(stpcpy(path, "new/"), name);
	return faccessat(maildir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * The bytes for which there must be room.  A message may cross the quota by a tenth of
 * it: where the client told no size at RCPT it has been accepted when there was room, and
 * to keep it in the queue until the sender gives up serves nobody.
 */
static unsigned long long
room_needed(const struct delivery *d, unsigned long long size)
{
	unsigned long long grace = d->quota / 10;

	return size > grace ? size - grace : 1;
}

/*
 * Give the complete file its name if it fits, by durable_commit or durable_name.  Returns
 * as maildir_keep.
 */
static int
commit(int maildir, struct delivery *d,
    int (*give_name)(struct durable *, const char *, const char *))
{
	int r;

	d->failed = "count the messages of";
	r = maildirsize_fits(maildir, d->quota, room_needed(d, d->size));
	if (r == -1 || (r != MAILDIRSIZE_FITS && !is_there(maildir, d->name.s))) {
		durable_abandon(&d->file);
		return r;
	}
	d->failed = "keep the message in";
	if (give_name(&d->file, "new", d->name.s) == -1)
		return errno == EEXIST ? MAILDIR_DONE : -1;
	d->named = 1;
	/* what is not noted here is found when the messages are counted */
	maildirsize_add(maildir, (long long)d->size, 1);
	return MAILDIR_DONE;
}

int
maildir_keep(int maildir, struct delivery *d)
{
	return commit(maildir, d, durable_commit);
}

int
maildir_put_in_new(int maildir, struct delivery *d)
{
	return commit(maildir, d, durable_name);
}

int
maildir_take_back(int maildir, struct delivery *d)
{
	char path[sizeof("new/") + NAME_MAX];

	if (!d->named)
		return 0;
	strcpy(stpcpy(path, "new/"), d->name.s);
	if (unlinkat(maildir, path, 0) == 0)
		maildirsize_add(maildir, -(long long)d->size, -1);
	return 0;
}

int
maildir_write(int maildir, struct delivery *d)
{
	struct copy copy = {0};
	int r;

	d->size = 0;
	d->named = 0;
	if (d->again) {
		d->failed = "look for an earlier delivery in";
		r = holds(maildir, "cur", d->name.s);
		if (r != 0)
			return r == 1 ? MAILDIR_DONE : -1;
	}
	d->failed = "begin a file in";
	if (durable_begin(&d->file, maildir, "tmp", 0600) == -1)
		return -1;
	copy.to = d->file.fd;
	r = copy_message(&copy, d);
	if (r != MAILDIR_DONE) {
		durable_abandon(&d->file);
		return r;
	}
	dotstuff_count_end(&copy.canonical);
	put_sizes(&d->name, &copy);
	d->size = copy.size;
	return MAILDIR_WRITTEN;
}
