#ifndef ADMIN_FORMER_SELF_H
#define ADMIN_FORMER_SELF_H

/* Which process ran a service before, told apart from all that later get its number. */

#include <stddef.h>

#define FORMER_SELF_MAX 128 /* bytes of the text */
#define FORMER_SELF_BOOT 36 /* of the kernel's name for one run of the machine */

/* A process: its number is given to others when it has ended, all three never are. */
struct former_self {
	unsigned long long pid;
	unsigned long long start; /* in the kernel's ticks since it began */
	char boot[FORMER_SELF_BOOT + 1];
};

/*
 * When the process began of which s[0..len) is /proc/PID/stat; its name, in the second
 * field, may hold anything.  Returns 1, or 0.
 */
int former_self_start(const char *s, size_t len, unsigned long long *start);

/* Who the process pid is.  Returns 0, or -1 with errno, ENOENT when there is none. */
int former_self_find(struct former_self *self, unsigned long long pid);

/* Write it as a line to s, which holds FORMER_SELF_MAX bytes.  Returns its length. */
size_t former_self_put(char *s, const struct former_self *self);

/* Parse that line.  Returns 1, or 0 when it is none. */
int former_self_scan(struct former_self *self, const char *s, size_t len);

/*
 * A descriptor of that process, which can be signalled by it and polled for its end; -1
 * with ESRCH when it has ended, whoever has its number now, and with others.
 */
int former_self_open(const struct former_self *self);

#endif
