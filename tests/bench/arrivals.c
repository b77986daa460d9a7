#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "arrivals.h"

int
arrivals_watch(char **maildirs, int n)
{
	char path[PATH_MAX];
	int watcher, i;

	watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	for (i = 0; watcher != -1 && i < n; i++) {
		snprintf(path, sizeof(path), "%s/new", maildirs[i]);
		if (inotify_add_watch(watcher, path, IN_CREATE | IN_MOVED_TO) == -1)
			return -1;
	}
	return watcher;
}

long
arrivals_count(int watcher)
{
	char buf[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t r, i;
	long n = 0;

	r = read(watcher, buf, sizeof(buf));
	if (r == -1)
		return errno == EAGAIN ? 0 : -1;
	for (i = 0; i < r; i += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const struct inotify_event *)(buf + i);
		if (event->mask & IN_Q_OVERFLOW) {
			errno = EOVERFLOW;
			return -1;
		}
		n++;
	}
	return n;
}
