/* queue-run: deliver what is in the queue, now and again. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/log_hold.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_feed.h"
#include "queue/queue_scheduler.h"

#define DESCRIPTORS_APART 200 /* beside those of active messages and workers */
#define USAGE "usage: queue-run [-d fd]"

static struct queue_scheduler scheduler;
static struct queue_feed feed;
static struct pollfd polled[2 * QUEUE_CONCURRENCY_MAX + 1];
static sigset_t unblocked;
static struct queue_paused_seen paused_seen;
static int ready_fd = -1;
static volatile sig_atomic_t told_to_stop, told_to_reread, told_to_hurry;

static void
take_arguments(int argc, char **argv)
{
	unsigned long long n;

	if (argc == 1)
		return;
	if (argc != 3 || strcmp(argv[1], "-d") != 0 ||
	    !text_number(argv[2], strlen(argv[2]), 1000000, &n))
		die(DEFER, USAGE);
	ready_fd = n;
	if (fcntl(ready_fd, F_SETFD, FD_CLOEXEC) == -1)
		diesys(DEFER, "unable to use descriptor ", argv[2]);
}

/* Two schedulers would deliver everything twice. */
static void
lock_queue(void)
{
	int fd = open("queue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		diesys(DEFER, "unable to open queue");
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return;
	if (errno == EWOULDBLOCK)
		die(DEFER, "unable to lock queue, another queue-run has it");
	diesys(DEFER, "unable to lock queue, its file system must have flock(2)");
}

/* Each active message is an open file. */
static void
raise_limits(void)
{
	struct rlimit limit;
	rlim_t wanted = QUEUE_ACTIVE_MAX + 2 * QUEUE_CONCURRENCY_MAX + DESCRIPTORS_APART;
	rlim_t apart =
	    scheduler.settings.local + scheduler.settings.remote + DESCRIPTORS_APART;

	scheduler.active.most = QUEUE_ACTIVE_MAX;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		diesys(DEFER, "unable to get the limit of descriptors");
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
			diesys(DEFER, "unable to set the limit of descriptors");
	}
	if (limit.rlim_cur < apart + QUEUE_ACTIVE_MAX)
		scheduler.active.most =
		    limit.rlim_cur > apart + 1 ? limit.rlim_cur - apart : 1;
}

static void
hear_signal(int signal)
{
	switch (signal) {
	case SIGTERM:
	case SIGINT:
		told_to_stop = 1;
		break;
	case SIGHUP:
		told_to_reread = 1;
		break;
	case SIGALRM:
		told_to_hurry = 1;
	}
}

/* Signals are heard in poll only, where nothing can be missed. */
static void
set_signals(void)
{
	static const int heard[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGCHLD};
	struct sigaction action = {.sa_handler = hear_signal};
	sigset_t blocked;

	sigemptyset(&blocked);
	sigemptyset(&unblocked);
	for (size_t i = 0; i < sizeof heard / sizeof *heard; ++i) {
		sigaction(heard[i], &action, NULL);
		sigaddset(&blocked, heard[i]);
	}
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void
obey_signals(void)
{
	if (told_to_stop)
		scheduler.stopping = 1;
	if (told_to_reread || feed.trigger.reread || queue_paused_changed(&paused_seen)) {
		told_to_reread = feed.trigger.reread = 0;
		queue_scheduler_reread(&scheduler);
	}
	if (told_to_hurry) {
		told_to_hurry = 0;
		queue_feed_rescan(&feed, &scheduler);
		queue_scheduler_hurry(&scheduler);
	}
}

static int64_t
earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Nothing happens between the turns: how long may this one wait? */
static struct timespec
time_to_wait(int at_once)
{
	int64_t until = earliest(
	    queue_channels_until(&scheduler), queue_feed_until(&feed, &scheduler));
	int64_t wait;

	if (scheduler.wake)
		until = earliest(until, scheduler.wake);
	if (scheduler.reports.count > 0)
		until = earliest(until, scheduler.now_ms + 1000);
	wait = until > scheduler.now_ms && !at_once ? until - scheduler.now_ms : 0;
	wait = earliest(wait, 3600000);
	return (struct timespec){wait / 1000, wait % 1000 * 1000000};
}

static void
turn(int at_once)
{
	struct timespec wait = time_to_wait(at_once);
	size_t n = queue_channels_poll(&scheduler, polled);
	int r;

	polled[n] = (struct pollfd){
	    queue_feed_listens(&feed, &scheduler) ? feed.trigger.fd : -1, POLLIN, 0};
	log_release();
	r = ppoll(polled, n + 1, &wait, &unblocked);
	queue_scheduler_tick(&scheduler);
	if (r == -1 && errno != EINTR)
		diesys(DEFER, "unable to poll");
	if (r != -1) {
		queue_channels_serve(&scheduler, polled);
		if (polled[n].revents)
			queue_feed_hear(&feed);
	}
	queue_reports_reap(&scheduler);
	queue_scheduler_wake(&scheduler);
}

static void
tell_ready(void)
{
	if (ready_fd == -1)
		return;
	if (write(ready_fd, "\n", 1) == -1)
		carpsys("unable to tell that we are ready");
	close(ready_fd);
}

/* What is under way ends; the rest waits in the queue for the next queue-run. */
static int
is_over(void)
{
	return scheduler.stopping && queue_channels_busy(&scheduler) == 0 &&
	       scheduler.reports.count == 0;
}

int
main(int argc, char **argv)
{
	int more = 1;

	errmsg_iam("queue-run");
	take_arguments(argc, argv);
	home_enter();
	umask(007);
	set_signals();
	lock_queue();
	queue_paused_changed(&paused_seen);
	if (queue_settings_read(&scheduler.settings) == -1)
		return DEFER;
	raise_limits();
	queue_scheduler_tick(&scheduler);
	queue_channels_init(&scheduler);
	queue_feed_init(&feed, &scheduler);
	tell_ready();
	log_hold();

	for (;;) {
		obey_signals();
		if (is_over())
			return ACCEPT;
		queue_route_refresh(&scheduler.route);
		more = queue_feed_step(&feed, &scheduler);
		log_release(); /* before those can log to whom work goes now */
		queue_channels_dispatch(&scheduler);
		turn(more || feed.trigger.reread);
	}
}
