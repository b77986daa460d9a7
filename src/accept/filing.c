#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/filing.h"
#include "accept/filing_write.h"
#include "accept/offspring.h"
#include "lib/file_system.h"
#include "lib/text.h"
#include "queue/place.h"
#include "queue/trigger.h"

#define ALONE_MAX 5000 /* milliseconds without a scheduler */
#define PAUSE 5000     /* milliseconds after a child that failed */
#define WITHIN 30      /* milliseconds to be published: others share the sync */

/* Is a file of that name the scheduler's, which moves it when we have answered? */
static int
is_handed(const struct service *s, const char *id)
{
	const struct unsettled *u = unsettled_find(&s->batch.unsettled, id);

	return u != NULL && u->handed;
}

/* What somebody who is no more has put there. */
static int
find_files(struct service *s)
{
	DIR *folder = opendir(SLOTS_FOLDER);
	const struct dirent *entry;

	if (folder == NULL) {
		carpsys("unable to open ", SLOTS_FOLDER);
		return -1;
	}
	while (errno = 0, (entry = readdir(folder)) != NULL)
		if (queueid_is(entry->d_name) && !is_handed(s, entry->d_name))
			text_catb(&s->filed, entry->d_name, QUEUEID_LEN + 1);
	if (errno != 0)
		carpsys("unable to read ", SLOTS_FOLDER);
	closedir(folder);
	return 0;
}

/* Messages that wait and are wanted as files: all, or those that a tool has asked for. */
static size_t
choose_messages(struct service *s, int all)
{
	size_t n = 0;

	for (struct unsettled *u = s->batch.unsettled.first;
	     u != NULL && u->slot != NULL && n < FILING_WRITE_MOST; u = u->later) {
		if (u->handed || u->stuck || (!all && !u->asked))
			continue;
		u->filed = 1;
		text_catb(&s->filed, u->id, QUEUEID_LEN + 1);
		n++;
	}
	return n;
}

void
filing_begin(struct service *s)
{
	int alone = s->scheduler == NULL && s->now - s->alone_since >= ALONE_MAX &&
		    s->batch.unsettled.count > 0;
	size_t n = 0;

	if (s->filer != 0 || s->settled.len > 0 || s->now < s->filing_at ||
	    (!s->sweep && !alone && !s->wanted))
		return;
	s->filed.len = 0;
	if (s->sweep && find_files(s) == -1) {
		s->filing_at = s->now + PAUSE;
		return;
	}
	s->sweep = s->unsure = 0;
	/* what is there already needs no room on the disk, and holds back all others */
	if (s->filed.len == 0) {
		if (alone || s->wanted)
			n = choose_messages(s, alone);
		s->wanted = s->wanted && n > 0;
	}
	if (s->filed.len == 0)
		return;
	s->filer = offspring_fork(NULL, 0, 1);
	if (s->filer == 0)
		_exit(filing_write(&s->batch, &s->filed) == 0 ? 0 : 111);
	if (s->filer == -1) {
		carpsys("unable to fork to write files");
		s->filer = 0;
		filing_ended(s, -1);
	} else if (alone && n > 0)
		carp("there is no scheduler: messages become files");
}

/* Each name of a list of those that end with \0. */
static const char *
next_name(const stralloc *list, size_t *at)
{
	const char *name = list->s + *at;

	if (*at >= list->len)
		return NULL;
	*at += QUEUEID_LEN + 1;
	return name;
}

static int
is_there(const char *id)
{
	char path[PLACE_PATH_MAX];

	place_path(path, PLACE_JOURNAL, id);
	return access(path, F_OK) == 0;
}

/* The file takes the place of the record, where there is one. */
void
filing_take(struct service *s, const char *id)
{
	batch_filed(&s->batch, id);
	batch_hurry(&s->batch, s->now + WITHIN);
	text_catb(&s->settled, id, QUEUEID_LEN + 1);
}

/*
 * What could not be written is tried again: it waits with the others meanwhile, and may
 * be handed over.  Only what has got its name must be settled before that.
 */
void
filing_ended(struct service *s, int status)
{
	struct unsettled *u;
	const char *id;
	size_t at = 0;

	s->filer = 0;
	while ((id = next_name(&s->filed, &at)) != NULL) {
		u = unsettled_find(&s->batch.unsettled, id);
		if (is_there(id) && status != 0)
			s->sweep = s->unsure = 1;
		if (status == 0 && is_there(id))
			filing_take(s, id);
		else if (u != NULL && u->filed) {
			u->filed = 0;
			u->stuck = status == 0;
		}
	}
	s->filed.len = 0;
	s->batch.unsettled.waiting = s->batch.unsettled.first;
	if (status == 0)
		return;
	carp("unable to write files of messages, later again");
	s->filing_at = s->now + PAUSE;
}

/*
 * Whoever has the same name there already is the same message.  Returns 0, or -1 after a
 * warning.
 */
static int
publish(const char *id)
{
	char path[PLACE_PATH_MAX];

	if (place_rename(id, PLACE_JOURNAL, PLACE_NEW) == 0) {
		trigger_pull(id);
		return 0;
	}
	if (errno == ENOENT)
		return 0;
	place_path(path, PLACE_JOURNAL, id);
	if (errno == EEXIST && unlink(path) == 0)
		return 0;
	carpsys("unable to move ", path, " to queue/new");
	return -1;
}

/*
 * On ext4 without a journal a name may be gone from the one folder on the disk long
 * before it is in the other.  What fails here fails for others, too, who promise more.
 */
static void
sync_new(void)
{
	static int lacks_journal = -1; /* as far as it is known */
	int fd;

	fd = lacks_journal == 0 ? -1
				: open("queue/new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return;
	if (lacks_journal == -1)
		lacks_journal = file_system_lacks_journal(fd);
	if (lacks_journal)
		fsync(fd);
	close(fd);
}

/* What could not be moved, for want of room, say, is found again where it stands. */
void
filing_publish(struct service *s)
{
	const char *id;
	size_t at = 0;

	if (s->settled.len == 0 || s->batch.since != 0)
		return;
	while ((id = next_name(&s->settled, &at)) != NULL)
		if (publish(id) == -1) {
			s->sweep = 1;
			s->filing_at = s->now + PAUSE;
		}
	sync_new();
	s->settled.len = 0;
}
