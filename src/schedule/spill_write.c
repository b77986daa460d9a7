#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/read_at.h"
#include "lib/text.h"
#include "queue/place.h"
#include "schedule/spill_write.h"

/* Returns 0, or -1 with errno. */
static int
write_file(const struct spill_file *f)
{
	stralloc bytes = {0};
	int r;

	text_room(&bytes, f->len + f->lines->len);
	r = read_at(f->from, bytes.s, f->len, 0);
	if (r == 0)
		errno = EIO;
	if (r == 1) {
		bytes.len = f->len;
		text_catb(&bytes, f->lines->s, f->lines->len);
		r = durable_write(f->durable.fd, bytes.s, bytes.len);
	} else {
		r = -1;
	}
	stralloc_free(&bytes);
	return r;
}

static int
sync_file(const struct spill_file *f)
{
	return fsync(f->durable.fd);
}

/*
 * What stands there under its name was made before the connection to the service was
 * lost: the message is in the journal still, else it had not been handed over again.
 */
static int
name_file(const struct spill_file *f)
{
	/* the descriptors are the parent's, too */
	struct durable mine = f->durable;
	char path[PLACE_PATH_MAX];

	if (durable_name(&mine, SPILL_WRITE_FOLDER, f->id) == 0)
		return 0;
	place_path(path, PLACE_JOURNAL, f->id);
	if (errno != EEXIST || (unlink(path) == -1 && errno != ENOENT))
		return -1;
	return durable_name(&mine, SPILL_WRITE_FOLDER, f->id);
}

static int (*const steps[])(const struct spill_file *f) = {
    write_file, sync_file, name_file, sync_file};

/*
 * All take each step together: then the sync of the first brings most of the others to
 * the disk, too.  A file that has got its first name is synced once more, for the number
 * of its names stands in it.
 */
static void
write_all(const struct spill_file *files, size_t n, char *done)
{
	for (size_t i = 0; i < n; ++i)
		done[i] = '1';
	for (size_t k = 0; k < sizeof steps / sizeof *steps; ++k)
		for (size_t i = 0; i < n; ++i)
			if (done[i] == '1' && steps[k](&files[i]) == -1) {
				carpsys("unable to write " SPILL_WRITE_FOLDER "/",
				    files[i].id);
				done[i] = '0';
			}
	if (durable_sync_directory(AT_FDCWD, SPILL_WRITE_FOLDER) == 0)
		return;
	carpsys("unable to sync " SPILL_WRITE_FOLDER);
	for (size_t i = 0; i < n; ++i)
		done[i] = '0';
}

pid_t
spill_write_fork(struct spill_file *files, size_t n, int answer)
{
	char done[SPILL_WRITE_MAX];
	pid_t parent = getpid(), child = fork();

	if (child != 0)
		return child;
	/* it has the queue's lock, and the connection to the service, until it ends */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		_exit(1);
	write_all(files, n, done);
	_exit(durable_write(answer, done, n) == -1);
}
