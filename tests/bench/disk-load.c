/*
 * disk-load: how many messages a second the disk allows to whom must keep them.
 *
 * disk-load folder writers messages bytes
 *
 * Does with plain system calls what the path of a message needs at least, without any
 * other work: for each writer a pair of processes, one that commits files to a queue
 * folder and one that commits the same to a maildir and removes the first (O_TMPFILE,
 * write, fsync of the file, link, fsync of both; unlink).  Prints one line of
 * name=value pairs.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *body;
static size_t bytes;

static void
fail(const char *what)
{
	fprintf(stderr, "disk-load: %s: %s\n", what, strerror(errno));
	exit(111);
}

static void
commit(int folder, const char *name)
{
	char self[64];
	size_t done;
	ssize_t w;
	int fd;

	fd = openat(folder, ".", O_TMPFILE | O_WRONLY, 0600);
	if (fd == -1)
		fail("unable to make a file without a name");
	for (done = 0; done < bytes; done += (size_t)w) {
		w = write(fd, body + done, bytes - done);
		if (w == -1)
			fail("unable to write");
	}
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (fsync(fd) == -1)
		fail("unable to sync");
	if (linkat(AT_FDCWD, self, folder, name, AT_SYMLINK_FOLLOW) == -1)
		fail("unable to link");
	if (fsync(fd) == -1 || fsync(folder) == -1)
		fail("unable to sync");
	close(fd);
}

static void
accept_all(int queue, long writer, long n, int done)
{
	char name[64];
	long i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%ld.%ld", writer, i);
		commit(queue, name);
		if (write(done, "\n", 1) != 1)
			fail("unable to tell the other");
	}
}

static void
deliver_all(int queue, int maildir, long writer, long n, int ready)
{
	char name[64], c;
	long i;

	for (i = 0; i < n && read(ready, &c, 1) == 1; i++) {
		snprintf(name, sizeof(name), "%ld.%ld", writer, i);
		commit(maildir, name);
		if (unlinkat(queue, name, 0) == -1)
			fail("unable to remove");
	}
}

/* As fork(2), or die. */
static pid_t
split(void)
{
	pid_t pid = fork();

	if (pid == -1)
		fail("unable to fork");
	return pid;
}

static void
start_pair(int queue, int maildir, long writer, long n)
{
	int ends[2];

	if (pipe(ends) == -1)
		fail("pipe");
	if (split() == 0) {
		close(ends[0]);
		accept_all(queue, writer, n, ends[1]);
		_exit(0);
	}
	if (split() == 0) {
		close(ends[1]);
		deliver_all(queue, maildir, writer, n, ends[0]);
		_exit(0);
	}
	close(ends[0]);
	close(ends[1]);
}

static int
open_folder(const char *name)
{
	int fd;

	if (mkdir(name, 0700) == -1 && errno != EEXIST)
		fail(name);
	fd = open(name, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		fail(name);
	return fd;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
clean(int maildir, long writers, long each)
{
	char name[64];
	long i, w;

	for (w = 0; w < writers; w++)
		for (i = 0; i < each; i++) {
			snprintf(name, sizeof(name), "%ld.%ld", w, i);
			unlinkat(maildir, name, 0);
		}
	rmdir("queue");
	rmdir("maildir");
}

int
main(int argc, char **argv)
{
	long writers, each, i;
	int queue, maildir, status, bad = 0;
	double began, seconds;

	if (argc != 5 || (writers = atol(argv[2])) < 1 || atol(argv[3]) < writers) {
		fprintf(stderr, "usage: disk-load folder writers messages bytes\n");
		return 111;
	}
	each = atol(argv[3]) / writers;
	bytes = (size_t)atol(argv[4]);
	body = malloc(bytes + 1);
	if (body == NULL || chdir(argv[1]) == -1)
		fail(argv[1]);
	memset(body, 'x', bytes);
	queue = open_folder("queue");
	maildir = open_folder("maildir");

	began = now();
	for (i = 0; i < writers; i++)
		start_pair(queue, maildir, i, each);
	while (wait(&status) != -1)
		bad |= status;
	seconds = now() - began;

	clean(maildir, writers, each);
	printf("messages=%ld seconds=%.3f rate=%.1f\n", writers * each, seconds,
	    (double)(writers * each) / seconds);
	return bad != 0;
}
