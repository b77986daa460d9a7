#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "auth/failure_table.h"
#include "auth/password.h"
#include "auth/upgrade.h"
#include "lib/control.h"
#include "lib/verdict.h"

#define NEWEST "$y$"
#define PASSWORD_LONGEST 255 /* mail-user takes no longer one */
#define OLD_HASH "OLDHASH"
#define KIND (FAILURE_TABLE_KINDS + 1) /* of the lock: no other has it */
#define NAME 1

static int
is_wanted(const char *key, const char *hash, const char *password)
{
	unsigned long long wanted;
	struct scram keys;
	const char *s;

	if (control_number("upgradehashes", &wanted, 0) != 1 || wanted == 0)
		return 0;
	if (strncmp(hash, NEWEST, strlen(NEWEST)) == 0 &&
	    password_keys(key, strlen(key), &keys) != 0)
		return 0;
	for (s = password; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return 0;
	return s > password && s - password <= PASSWORD_LONGEST;
}

/* A pipe's end from which the line with the password can be read, or -1. */
static int
pipe_password(const char *password)
{
	size_t len = strlen(password);
	int fds[2], is_written;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	/* it is far shorter than what a pipe holds */
	is_written =
	    write(fds[1], password, len) == (ssize_t)len && write(fds[1], "\n", 1) == 1;
	close(fds[1]);
	if (is_written)
		return fds[0];
	close(fds[0]);
	return -1;
}

/* Become mail-user, of whose end nobody wants to hear.  The lock ends with it. */
static void __attribute__((noreturn))
run(int lock, const char *key, const char *hash, const char *password)
{
	int in = pipe_password(password), out = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (in == -1 || out == -1 || dup2(in, 0) == -1 || dup2(out, 1) == -1 ||
	    setenv(OLD_HASH, hash, 1) == -1 || fcntl(lock, F_SETFD, 0) == -1) {
		carpsys("unable to begin mail-user");
		_exit(DEFER);
	}
	execlp("mail-user", "mail-user", "upgrade", key, (char *)NULL);
	carpsys("unable to run mail-user");
	_exit(DEFER);
}

void
upgrade_consider(const char *key, const char *hash, const char *password)
{
	struct failure_table table;
	pid_t pid;

	if (!is_wanted(key, hash, password) || failure_table_open(&table) == -1)
		return;
	if (failure_table_take(&table, KIND, NAME, 1)) {
		/* two of them, so that init is who hears of the second's end */
		pid = fork();
		if (pid == 0 && fork() == 0)
			run(table.fd, key, hash, password);
		if (pid == 0)
			_exit(0);
		if (pid == -1)
			carpsys("unable to begin mail-user");
		while (pid > 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
			;
	}
	close(table.fd);
}
