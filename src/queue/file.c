#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/heap.h"
#include "lib/outcome.h"
#include "lib/read_at.h"
#include "lib/text.h"
#include "queue/file.h"
#include "queue/journal.h"
#include "queue/lock.h"
#include "queue/place.h"
#include "queue/twin.h"

/* bytes for its job, line and destination, were it the only one there */
#define RECIPIENT_WEIGHT 512
#define AGAIN "Pagain=1"

/* Seconds in which an injector on NFS gives a file its second name and takes the first.
 */
#define NAMING_MAX 5

/* Others choose what stands in queue/new: no link, device or pipe is followed. */
static int
open_regular(struct file *f, const char *path, int lock, const char **why)
{
	struct stat st;

	f->fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (f->fd == -1) {
		*why = "not a regular file";
		return errno == ELOOP || errno == ENXIO ? 0 : -1;
	}
	f->locked = lock && lock_take(f->fd, path) == 0;
	if (f->locked != lock || fstat(f->fd, &st) == -1)
		return -1;
	f->size = st.st_size;
	if (lock && S_ISREG(st.st_mode) && st.st_nlink > 1) {
		twin_remove(path, &st);
		if (fstat(f->fd, &st) == -1)
			return -1;
	}
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
read_header(struct file *f, const char **why)
{
	char buf[HEADER_LEN];
	int r = read_at(f->fd, buf, sizeof buf, 0);

	*why = "no header of a queue file";
	if (r != 1)
		return r;
	if (!header_parse(&f->header, buf, f->size)) {
		if (header_is_later(buf))
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
	text_room(bytes, bytes->len + sizeof AGAIN);
	memmove(bytes->s + sender + sizeof AGAIN, bytes->s + sender, bytes->len - sender);
	memcpy(bytes->s + sender, AGAIN, sizeof AGAIN);
	bytes->len += sizeof AGAIN;
}

static int
read_envelope(struct file *f, int again, const char **why)
{
	size_t len = f->header.envelope;
	int r;

	text_room(&f->bytes, len);
	r = read_at(f->fd, f->bytes.s, len, HEADER_LEN + f->header.message);
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
change_address(struct file *f, const struct journal_entry *entry)
{
	struct file_recipient *recipient = &f->recipients[entry->index];

	if (entry->text_len == 0 || entry->text_len > ENVELOPE_ADDRESS_MAX)
		return;
	if (recipient->original == NULL)
		recipient->original = f->envelope.recipients[entry->index].address;
	free(recipient->changed);
	recipient->changed = heap_copy(entry->text, entry->text_len);
	f->envelope.recipients[entry->index].address = recipient->changed;
}

/* A first attempt before there was a message was made while the clock was wrong. */
static void
take_time(struct file *f, int64_t time)
{
	if (time > AGE_TIME_MAX)
		time = AGE_TIME_MAX;
	if (f->first_try == 0)
		f->first_try = time = time > f->born ? time : f->born;
	age_add(&f->age, time);
}

/* What the beginning of the text tells. */
static void
take_beginning(struct file_recipient *recipient, const struct journal_entry *entry)
{
	struct outcome_parts parts;

	outcome_parts(&parts, entry->text, entry->text_len);
	if (entry->state == 'K')
		recipient->success = parts.success;
	else if (parts.ended == OUTCOME_HERE)
		recipient->apart = 1;
}

static void
take_outcome(struct file *f, const struct journal_entry *entry)
{
	struct file_recipient *recipient = &f->recipients[entry->index];

	if (entry->state != 'X')
		take_time(f, entry->time);
	recipient->at_once = 0;
	if (recipient->state == 'K' && entry->state == 'B')
		recipient->success = '\0';
	/* what is done stays done, whatever a damaged journal says later */
	if (recipient->state == 0 || strchr("KBX", recipient->state) == NULL) {
		recipient->state = entry->state;
		if (entry->state == 'K' || entry->state == 'Z')
			take_beginning(recipient, entry);
	}
	if (journal_is_try(entry->state, entry->status, entry->status_len) &&
	    ++recipient->tries > f->tries)
		f->tries = recipient->tries;
}

static void
take(void *context, const struct journal_entry *entry)
{
	struct file *f = context;

	if (entry->index >= f->envelope.count)
		return;
	++f->entries;
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
read_journal(struct file *f, const char **why)
{
	uint64_t len = f->size - header_end(&f->header);
	int r;

	*why = "journal too long";
	if (len > journal_most(f->envelope.count))
		return 0;
	f->recipients = heap_make(f->envelope.count, sizeof *f->recipients);
	r = journal_read(f->fd, header_end(&f->header), f->size, take, f);
	f->torn = r == 0;
	/* a crash leaves less than a line, so somebody else has written there */
	*why = "longer than its header says, and not by a journal";
	return r == -1 ? -1 : f->entries > 0 || len < JOURNAL_LINE_MAX;
}

/* Read all of it, if it could be opened: r says so. */
static int
read_file(struct file *f, int r, int flags, const char **why)
{
	if (r == 1)
		r = read_header(f, why);
	if (r == 1) {
		f->has_journal = f->size > header_end(&f->header);
		r = read_envelope(f, (flags & FILE_AGAIN) || f->has_journal, why);
	}
	if (r == 1)
		r = read_journal(f, why);
	if (r != 1)
		file_close(f);
	return r;
}

int
file_open(struct file *f, const char *path, int flags, const char **why)
{
	int r;

	memset(f, 0, sizeof *f);
	f->born = place_path_time(path);
	r = open_regular(f, path, (flags & FILE_LOCK) != 0, why);
	/* else the kernel reads ahead of the header what nobody wants */
	if (r == 1 && (flags & FILE_GLANCE))
		posix_fadvise(f->fd, 0, 0, POSIX_FADV_RANDOM);
	return read_file(f, r, flags, why);
}

int
file_take(struct file *f, int fd, const char *id, int flags, const char **why)
{
	struct stat st;
	int r;

	memset(f, 0, sizeof *f);
	f->born = place_path_time(id);
	f->fd = fd;
	r = fstat(fd, &st) == 0 ? 1 : -1;
	f->size = st.st_size;
	return read_file(f, r, flags, why);
}

void
file_replace(struct file *f, int fd, size_t more)
{
	close(f->fd);
	f->fd = fd;
	f->locked = 1;
	f->size += more;
	f->has_journal |= more > 0;
}

void
file_close(struct file *f)
{
	int saved = errno;

	if (f->locked)
		lock_release(f->fd);
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
	f->locked = 0;
	for (size_t i = 0; f->recipients != NULL && i < f->envelope.count; ++i)
		free(f->recipients[i].changed);
	stralloc_free(&f->bytes);
	envelope_free(&f->envelope);
	free(f->recipients);
	free(f->age.gaps);
	f->recipients = NULL;
	f->age = (struct age){0};
	errno = saved;
}

/* It was whole without the parameter, and is with it.  Addresses have moved. */
void
file_set_again(struct file *f)
{
	if (envelope_parameter(&f->envelope, "again") != NULL)
		return;
	/* parsing has parted names and values in place */
	for (size_t i = 0; i < f->envelope.all_parameters; ++i)
		f->bytes.s[f->envelope.parameters[i].value - 1 - f->bytes.s] = '=';
	insert_again(&f->bytes);
	envelope_parse(&f->envelope, f->bytes.s, f->bytes.len);
	for (size_t i = 0; i < f->envelope.count; ++i) {
		struct file_recipient *recipient = &f->recipients[i];

		if (recipient->changed == NULL)
			continue;
		recipient->original = f->envelope.recipients[i].address;
		f->envelope.recipients[i].address = recipient->changed;
	}
}

/* The other half is for what must be recorded: outcomes that are final. */
int
file_has_room(const struct file *f)
{
	return f->size - header_end(&f->header) < journal_most(f->envelope.count) / 2;
}

size_t
file_weight(const struct file *f)
{
	return sizeof *f + f->bytes.a + f->envelope.count * RECIPIENT_WEIGHT +
	       f->envelope.all_parameters * 16 + f->age.count * sizeof *f->age.gaps;
}
