#ifndef TESTS_USER_HOME_H
#define TESTS_USER_HOME_H

/* A home with users in the working directory, and what is done to them in a child. */

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "admin/user_change.h"

static char user_home_text[4096]; /* read last */

/* Make the file name hold the C string s. */
static inline void
user_home_put(const char *name, const char *s)
{
	int fd;

	mkdir("control", 0755);
	mkdir("users", 0755);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	close(fd);
}

/* What the file holds, valid until the next call. */
static inline const char *
user_home_get(const char *name)
{
	int fd = open(name, O_RDONLY);
	ssize_t r = fd != -1 ? read(fd, user_home_text, sizeof(user_home_text) - 1) : 0;

	user_home_text[r > 0 ? r : 0] = '\0';
	close(fd);
	return user_home_text;
}

/* Ann and the postmaster, in two domains. */
static inline void
user_home_make(void)
{
	user_home_put("control/me", "mx.x.test\n");
	user_home_put("control/domains", "# ours\nx.test\nY.test\n");
	user_home_put("users/mailboxes", "# who\nAnn@x.test:1:2:\nbob@x.test:1:2:500");
	user_home_put("users/aliases", "postmaster@x.test: ann@x.test\n"
				       "@y.test: ann@x.test\n");
	user_home_put("users/passwords", "ann@x.test:$6$a$b\n");
}

/* Run act in a child: its exit code, or ACCEPT.  What it says is in the file said. */
static inline int
user_home_run(void (*act)(struct user_change *c, char **argv), char **argv)
{
	static struct user_change change;
	int status, fd;
	pid_t pid = fork();

	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		fd = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, 2);
		act(&change, argv);
		_exit(0);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
