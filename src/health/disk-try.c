/* disk-try: try whether a folder keeps what is synced in it. */

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/durable.h"
#include "lib/file_system.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: disk-try folder..."
#define SIZE 4096 /* bytes of the file: a small message */

static int64_t
now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) == -1)
		diesys(DEFER, "unable to read the clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
fail(const char *folder, const char *what)
{
	carpsys("unable to ", what, " in ", folder);
	return REJECT;
}

static const char *
journal_of(int fd)
{
	if (file_system_renames_whole(fd))
		return "yes";
	return file_system_lacks_journal(fd) ? "no" : "unknown";
}

/* Make a file as messages are made, with a name at last that nobody looks at, and take it
 * away again. */
static int
try(const char *folder, stralloc *out)
{
	static const char bytes[SIZE];
	char name[sizeof(".try.") + QUEUEID_LEN] = ".try.", digits[DECIMAL_MAX];
	struct durable file;
	stralloc path = {0};
	const char *journal;
	int has_tmpfile, r;
	int64_t begun;

	if (queueid_make(name + strlen(".try.")) == -1)
		diesys(DEFER, "unable to make a name");
	text_cat(&path, folder, "/", name, (char *)NULL);
	text_terminate(&path);
	if (durable_begin(&file, AT_FDCWD, folder, 0600) == -1)
		return fail(folder, "make a file");
	has_tmpfile = *file.tmp == '\0';
	journal = journal_of(file.fd);
	if (durable_write(file.fd, bytes, sizeof bytes) == -1) {
		durable_abandon(&file);
		return fail(folder, "write to a file");
	}
	begun = now();
	if (durable_commit(&file, folder, name) == -1)
		return fail(folder, "sync a file and its name");
	text_cat(out, folder, ": tmpfile=", has_tmpfile ? "yes" : "no",
	    " journal=", journal,
	    " microseconds=", text_decimal(digits, (unsigned long long)(now() - begun)),
	    "\n", (char *)NULL);
	r = unlink(path.s);
	stralloc_free(&path);
	return r == -1 ? fail(folder, "remove a file") : ACCEPT;
}

int
main(int argc, char **argv)
{
	static stralloc out;
	int verdict = ACCEPT;

	errmsg_iam("disk-try");
	if (argc < 2 || *argv[1] == '-')
		die(DEFER, USAGE);
	for (argv++; *argv != NULL; argv++)
		if (try(*argv, &out) != ACCEPT)
			verdict = REJECT;
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write");
	return verdict;
}
