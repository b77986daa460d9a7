#include "queue/queue_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/notify.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_journal.h"
#include "queue/queue_lock.h"
#include "queue/queue_place.h"

/* bytes for its job, line and destination, were it the only one there */
#define RECIPIENT_WEIGHT 512
#define AGAIN "Pagain=1"

/* Seconds in which an injector on NFS gives a file its second name and takes the first.
 */
#define NAMING_MAX 5

/* 1, 0 at the end of the file before that, -1 with errno. */
static int
read_at(int fd, char *buf, size_t len, uint64_t offset)
{
	while (len > 0) {
		ssize_t r = pread(fd, buf, len, offset);

		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			return r;
		buf += r;
		len -= r;
		offset += r;
	}
	return 1;
}

/* Others choose what stands in queue/new: no link, device or pipe is followed. */
static int
open_regular(struct queue_file *f, const char *path, int lock, const char **why)
{
	struct stat st;

	f->fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (f->fd == -1) {
		*why = "not a regular file";
		return errno == ELOOP || errno == ENXIO ? 0 : -1;
	}
	f->locked = lock && queue_lock_take(f->fd, path) == 0;
	if (f->locked != lock || fstat(f->fd, &st) == -1)
		return -1;
	f->size = st.st_size;
	*why = "not a regular file";
	if (!S_ISREG(st.st_mode) || st.st_nlink == 1)
		return S_ISREG(st.st_mode);
	*why = "more than one name";
	if (!lock || time(NULL) - st.st_ctime >= NAMING_MAX)
		return 0;
	errno = EWOULDBLOCK;
	return -1;
}

static int
read_header(struct queue_file *f, const char **why)
{
	char buf[QUEUE_HEADER_LEN];
	int r = read_at(f->fd, buf, sizeof buf, 0);

	*why = "no header of a queue file";
	if (r != 1)
		return r;
	if (!queue_header_parse(&f->header, buf, f->size)) {
		if (queue_header_is_later(buf))
			*why = "written by a later version";
		return 0;
	}
	*why = "envelope too long";
	return f->header.envelope <= ENVELOPE_MAX;
}

/* The parameter is put right behind the sender, where it is found before a forged one. */
static void
insert_again(stralloc *bytes)
{
	size_t sender = strnlen(bytes->s, bytes->len) + 1;

	if (sender > bytes->len)
		return;
	memmove(bytes->s + sender + sizeof AGAIN, bytes->s + sender, bytes->len - sender);
	memcpy(bytes->s + sender, AGAIN, sizeof AGAIN);
	bytes->len += sizeof AGAIN;
}

static int
read_envelope(struct queue_file *f, int again, const char **why)
{
	size_t len = f->header.envelope;
	int r;

	if (!stralloc_ready(&f->bytes, len + sizeof AGAIN))
		die(DEFER, "out of memory");
	r = read_at(f->fd, f->bytes.s, len, QUEUE_HEADER_LEN + f->header.message);
	f->bytes.len = len;
	*why = "malformed envelope";
	if (r != 1)
		return r;
	if (again)
		insert_again(&f->bytes);
	return envelope_parse(&f->envelope, f->bytes.s, f->bytes.len) == ENVELOPE_OK;
}

/* The admin's hand has written as his tool let it, but a file may be damaged. */
static void
change_address(struct queue_file *f, const struct queue_entry *entry)
{
	struct queue_recipient *recipient = &f->recipients[entry->index];

	if (entry->text_len == 0 || entry->text_len > ENVELOPE_ADDRESS_MAX)
		return;
	if (!recipient->original)
		recipient->original = f->envelope.recipients[entry->index].address;
	free(recipient->changed);
	recipient->changed = strndup(entry->text, entry->text_len);
	if (!recipient->changed)
		die(DEFER, "out of memory");
	f->envelope.recipients[entry->index].address = recipient->changed;
}

/* A first attempt before there was a message was made while the clock was wrong. */
static void
take_time(struct queue_file *f, int64_t time)
{
	if (time > QUEUE_TIME_MAX)
		time = QUEUE_TIME_MAX;
	if (f->first_try == 0)
		f->first_try = time = time > f->born ? time : f->born;
	queue_age_add(&f->age, time);
}

static void
take_outcome(struct queue_file *f, const struct queue_entry *entry)
{
	struct queue_recipient *recipient = &f->recipients[entry->index];

	if (entry->state != 'X')
		take_time(f, entry->time);
	recipient->at_once = 0;
	if (recipient->state == 'K' && entry->state == 'B')
		recipient->success = '\0';
	/* what is done stays done, whatever a damaged journal says later */
	if (recipient->state == 0 || !strchr("KBX", recipient->state)) {
		recipient->state = entry->state;
		if (entry->state == 'K')
			recipient->success = notify_success(entry->text, entry->text_len);
	}
	if (queue_entry_is_try(entry->state, entry->status, entry->status_len) &&
	    ++recipient->tries > f->tries)
		f->tries = recipient->tries;
}

static void
take(void *context, const struct queue_entry *entry)
{
	struct queue_file *f = context;

	if (entry->index >= f->envelope.count)
		return;
	if (entry->state == 'A')
		change_address(f, entry);
	else if (entry->state == 'N')
		f->recipients[entry->index].at_once = f->released = 1;
	else if (entry->state == 'W')
		f->recipients[entry->index].warned = 1;
	else
		take_outcome(f, entry);
}

static int
read_journal(struct queue_file *f)
{
	int r;

	f->recipients = calloc(f->envelope.count, sizeof *f->recipients);
	if (!f->recipients)
		die(DEFER, "out of memory");
	r = queue_journal_read(f->fd, queue_header_end(&f->header), f->size, take, f);
	f->torn = r == 0;
	return r == -1 ? -1 : 1;
}

int
queue_file_open(struct queue_file *f, const char *path, int flags, const char **why)
{
	int r;

	memset(f, 0, sizeof *f);
	f->born = queue_path_time(path);
	r = open_regular(f, path, (flags & QUEUE_FILE_LOCK) != 0, why);
	/* else the kernel reads ahead of the header what nobody wants */
	if (r == 1 && (flags & QUEUE_FILE_GLANCE))
		posix_fadvise(f->fd, 0, 0, POSIX_FADV_RANDOM);
	if (r == 1)
		r = read_header(f, why);
	if (r == 1) {
		f->has_journal = f->size > queue_header_end(&f->header);
		r = read_envelope(f, (flags & QUEUE_FILE_AGAIN) || f->has_journal, why);
	}
	if (r == 1)
		r = read_journal(f);
	if (r != 1)
		queue_file_close(f);
	return r;
}

void
queue_file_close(struct queue_file *f)
{
	int saved = errno;

	if (f->locked)
		queue_lock_release(f->fd);
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
	f->locked = 0;
	for (size_t i = 0; f->recipients && i < f->envelope.count; ++i)
		free(f->recipients[i].changed);
	stralloc_free(&f->bytes);
	envelope_free(&f->envelope);
	free(f->recipients);
	free(f->age.gaps);
	f->recipients = NULL;
	f->age = (struct queue_age){0};
	errno = saved;
}

size_t
queue_file_weight(const struct queue_file *f)
{
	return sizeof *f + f->bytes.a + f->envelope.count * RECIPIENT_WEIGHT +
	       f->envelope.all_parameters * 16 + f->age.count * sizeof *f->age.gaps;
}
