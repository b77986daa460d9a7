/* queue-run: deliver what is in the queue, now and again. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/control_seen.h"
#include "lib/home.h"
#include "lib/lock_file.h"
#include "lib/log_hold.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/custodian.h"
#include "schedule/dispatch.h"
#include "schedule/handed.h"
#include "schedule/intake.h"
#include "schedule/life.h"
#include "schedule/orders.h"

#define DESCRIPTORS_APART 200 /* beside those of active messages and workers */
#define POLLED_APART 4        /* beside the workers */
#define LAST_PATIENCE 1000    /* milliseconds for the last sync of removed.h */
#define USAGE "usage: queue-run [-d fd] [program [argument...]]"

static struct scheduler scheduler;
static struct intake intake;
static struct pollfd polled[2 * SETTINGS_CONCURRENCY_MAX + POLLED_APART];
static sigset_t unblocked;
static struct control_seen paused_seen, hold_seen;
static int ready_fd = -1;
static int64_t last_until; /* when all has ended but removed.h: wait no longer */
static volatile sig_atomic_t told_to_stop, told_to_reread, told_to_hurry;

static void
take_arguments(int argc, char **argv)
{
	unsigned long long n;
	int option;

	while ((option = getopt(argc, argv, "+d:")) != -1) {
		if (option != 'd' || !text_number(optarg, strlen(optarg), 1000000, &n))
			die(DEFER, USAGE);
		ready_fd = (int)n;
		if (fcntl(ready_fd, F_SETFD, FD_CLOEXEC) == -1)
			diesys(DEFER, "unable to use descriptor ", optarg);
	}
	if (optind == argc)
		return;
	scheduler.reports.sink = (const char *const *)argv + optind;
	if (sink_is_service(scheduler.reports.sink))
		die(DEFER, USAGE);
}

/* Two schedulers would deliver everything twice. */
static void
lock_queue(void)
{
	int fd = open("queue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		diesys(DEFER, "unable to open queue");
	if (lock_file_await(fd, "lock", LOCK_FILE_PATIENCE) != -1)
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
	rlim_t wanted = ACTIVE_MAX + 2 * SETTINGS_CONCURRENCY_MAX + DESCRIPTORS_APART;
	rlim_t apart =
	    scheduler.settings.local + scheduler.settings.remote + DESCRIPTORS_APART;

	scheduler.active.most = ACTIVE_MAX;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		diesys(DEFER, "unable to get the limit of descriptors");
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
			diesys(DEFER, "unable to set the limit of descriptors");
	}
	if (limit.rlim_cur < apart + ACTIVE_MAX)
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

/* What the admin wants to hold for now is not to wait for a signal. */
static int
orders_have_changed(void)
{
	int paused = control_seen_changed(&paused_seen, "control/paused");
	int hold = control_seen_changed(&hold_seen, "control/hold");

	return paused || hold;
}

static void
obey_signals(void)
{
	if (told_to_stop)
		scheduler.stopping = 1;
	if (orders_have_changed() || told_to_reread || intake.lookout.trigger.reread) {
		told_to_reread = intake.lookout.trigger.reread = 0;
		orders_reread(&scheduler);
	}
	if (told_to_hurry) {
		told_to_hurry = 0;
		lookout_rescan(&intake.lookout, &scheduler);
		orders_hurry(&scheduler);
	}
	life_go_on(&scheduler);
}

static void
begin_reports(void)
{
	if (scheduler.stopping)
		return;
	report_begin(&scheduler.reports, &scheduler.events,
	    scheduler.settings.double_bounce_to.s, scheduler.now_ms);
	life_go_on(&scheduler);
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
	int64_t until =
	    earliest(dispatch_until(&scheduler), intake_until(&intake, &scheduler));
	int64_t wait;

	if (!scheduler.stopping)
		until = earliest(until, supply_until(&scheduler.supply));
	until = earliest(until, removed_until(&scheduler.removed, &scheduler.supply));
	if (last_until)
		until = earliest(until, last_until);
	if (scheduler.wake)
		until = earliest(until, scheduler.wake);
	if (scheduler.reports.count > 0)
		until = earliest(until, scheduler.now_ms + 1000);
	wait = until > scheduler.now_ms && !at_once ? until - scheduler.now_ms : 0;
	wait = earliest(wait, 3600000);
	return (struct timespec){wait / 1000, wait % 1000 * 1000000};
}

static void
poll_others(struct pollfd p[POLLED_APART])
{
	int listens = intake_listens(&intake, &scheduler);
	short events =
	    supply_events(&scheduler.supply, !intake_rests(&intake, &scheduler));

	p[0] = (struct pollfd){listens ? intake.lookout.trigger.fd : -1, POLLIN, 0};
	/* with nothing to look for poll would still tell of its end, each time */
	p[1] = (struct pollfd){events ? scheduler.supply.fd : -1, events, 0};
	p[2] =
	    (struct pollfd){scheduler.spill.child ? scheduler.spill.fd : -1, POLLIN, 0};
	p[3] = (struct pollfd){
	    scheduler.removed.child ? scheduler.removed.fd : -1, POLLIN, 0};
}

static void
serve_others(const struct pollfd p[POLLED_APART])
{
	if (p[0].revents)
		lookout_hear(&intake.lookout);
	scheduler.supply.is_ready |= p[1].revents != 0;
	if (p[2].revents)
		spill_end(&scheduler.spill, &scheduler.events);
	if (p[3].revents)
		removed_end(&scheduler.removed, &scheduler.supply, scheduler.now_ms);
}

static void
turn(int at_once)
{
	struct timespec wait = time_to_wait(at_once);
	size_t n = dispatch_poll(&scheduler, polled);
	int r;

	poll_others(polled + n);
	r = ppoll(polled, n + POLLED_APART, &wait, &unblocked);
	scheduler_tick(&scheduler);
	if (r == -1 && errno != EINTR)
		diesys(DEFER, "unable to poll");
	if (r != -1) {
		dispatch_serve(&scheduler, polled);
		serve_others(polled + n);
	}
	report_reap(&scheduler.reports, &scheduler.events, scheduler.now_ms);
	life_wake(&scheduler);
	life_go_on(&scheduler);
}

/* What the turn has brought is said, written and logged. */
static void
conclude_turn(void)
{
	log_hold_release();
	spill_begin(&scheduler.spill, &scheduler.events);
	life_go_on(&scheduler);
	removed_begin(&scheduler.removed, &scheduler.supply, scheduler.now_ms);
	supply_flush(&scheduler.supply, scheduler.now_ms);
	log_hold_release();
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
	if (!scheduler.stopping || dispatch_busy(&scheduler) > 0 ||
	    scheduler.reports.count > 0 || scheduler.spill.child != 0 ||
	    scheduler.spill.waiting != NULL)
		return 0;
	if (last_until == 0) {
		last_until = scheduler.now_ms + LAST_PATIENCE;
		scheduler.removed.next = 0;
	}
	return scheduler.supply.out.len == 0 &&
	       (scheduler.now_ms >= last_until ||
		   !removed_waits(&scheduler.removed, &scheduler.supply));
}

int
main(int argc, char **argv)
{
	int more = 1;

	errmsg_iam("queue-run");
	take_arguments(argc, argv);
	home_enter();
	if (custodian_become() == -1)
		die(DEFER, "unable to work in ", home_path(), "/queue");
	umask(007);
	set_signals();
	lock_queue();
	orders_have_changed();
	if (settings_read(&scheduler.settings) == -1)
		return DEFER;
	raise_limits();
	scheduler_tick(&scheduler);
	dispatch_init(&scheduler);
	intake_init(&intake, &scheduler);
	scheduler.supply.fd = -1;
	tell_ready();
	log_hold();

	for (;;) {
		obey_signals();
		if (is_over())
			return ACCEPT;
		route_refresh(&scheduler.route);
		handed_connect(&scheduler);
		more = intake_step(&intake, &scheduler);
		log_hold_release(); /* before those can log to whom work goes now */
		dispatch_begin(&scheduler);
		begin_reports();
		conclude_turn();
		turn(more || intake.lookout.trigger.reread || is_over());
	}
}
