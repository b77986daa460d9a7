#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deliver/recount.h"
#include "lib/maildirsize.h"

#define PLACES 2   /* at once */
#define TIMEOUT 60 /* seconds for one */

struct place {
	pid_t child; /* 0: it is free */
	dev_t device;
	ino_t inode;
};

/* Which are counted now: a cache. */
static struct place places[PLACES];

/* A free place; null when there is none, or the maildir has one. */
static struct place *
find_place(const struct stat *st)
{
	struct place *place = NULL;
	size_t i;

	for (i = 0; i < PLACES; i++) {
		struct place *p = &places[i];

		if (p->child != 0 && waitpid(p->child, NULL, WNOHANG) != 0)
			p->child = 0;
		if (p->child == 0)
			place = p;
		else if (p->device == st->st_dev && p->inode == st->st_ino)
			return NULL;
	}
	return place;
}

/* Nothing of the clients is ours: they would not see that their connections end. */
static void
let_go(int maildir)
{
	dup2(maildir, 0);
	close(1);
	syscall(SYS_close_range, 3u, ~0u, 0u);
}

void
recount_begin(int maildir, unsigned long long quota)
{
	struct place *place;
	struct stat st;
	pid_t child;

	if (fstat(maildir, &st) == -1)
		return;
	place = find_place(&st);
	if (place == NULL)
		return;
	child = fork();
	if (child == 0) {
		alarm(TIMEOUT);
		let_go(maildir);
		_exit(maildirsize_renew(0, quota) == -1);
	}
	if (child != -1)
		*place = (struct place){child, st.st_dev, st.st_ino};
}
