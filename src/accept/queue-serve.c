/* queue-serve: take messages for the queue, durably, many with one sync. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/desk.h"
#include "accept/door.h"
#include "accept/errands.h"
#include "accept/filing.h"
#include "accept/handover.h"
#include "accept/large.h"
#include "accept/restore.h"
#include "accept/service.h"
#include "lib/control.h"
#include "lib/home.h"
#include "lib/lock_file.h"
#include "lib/ready.h"
#include "lib/siphash.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/custodian.h"

#define LISTENING 0         /* the descriptor */
#define DESCRIPTORS 1300    /* for all guests, segments and files */
#define EVENTS 256          /* taken at once */
#define PIECE 65536         /* bytes read at once */
#define SCHEDULER_PIECES 16 /* read before the others get their turn */
#define PAUSE 1000          /* milliseconds before another try to take a client */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static struct service service;
static struct epoll_event events[EVENTS];
static int signals;
static int told_to_stop;
static int64_t closed_until; /* the door; 0: it is open */

/* They have no guest. */
static struct guest door, bell;

static void
lock_journal(void)
{
	int fd;

	if (mkdir(SLOTS_FOLDER, 0700) == -1 && errno != EEXIST)
		diesys(DEFER, "unable to make " SLOTS_FOLDER);
	fd = open(SLOTS_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		diesys(DEFER, "unable to open " SLOTS_FOLDER);
	if (lock_file_await(fd, "lock", LOCK_FILE_PATIENCE) != -1)
		return;
	if (errno == EWOULDBLOCK)
		die(DEFER, "unable to lock " SLOTS_FOLDER ", another queue-serve has it");
	diesys(DEFER, "unable to lock " SLOTS_FOLDER);
}

static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		diesys(DEFER, "unable to get the limit of descriptors");
	if (limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		diesys(DEFER, "unable to set the limit of descriptors");
}

/* What tells this boot from others; without it each start is taken for one. */
static uint64_t
read_boot(void)
{
	static const uint64_t key[2] = {1, 2};
	char id[64];
	uint64_t boot;
	int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd == -1 ? -1 : read(fd, id, sizeof id);

	if (fd != -1)
		close(fd);
	if (len > 0)
		boot = siphash(key, id, (size_t)len);
	else if (getrandom(&boot, sizeof boot, 0) != sizeof boot)
		diesys(DEFER, "unable to get random bytes");
	return boot | 1;
}

static void
watch(int fd, struct guest *g, unsigned wanted)
{
	struct epoll_event event = {.events = wanted, .data.ptr = g};

	if (epoll_ctl(service.guests.epoll, EPOLL_CTL_ADD, fd, &event) == -1)
		diesys(DEFER, "unable to watch a descriptor");
}

/* Signals are heard as the clients are. */
static void
set_signals(void)
{
	sigset_t heard;

	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGINT);
	sigaddset(&heard, SIGCHLD);
	sigprocmask(SIG_SETMASK, &heard, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals == -1)
		diesys(DEFER, "unable to hear signals");
	watch(signals, &bell, EPOLLIN);
}

static void
begin(void)
{
	const char *clients = getenv("QUEUE_CLIENTS");
	unsigned long long bytes =
	    control_need_number("journalbytes", SLOTS_BYTES_DEFAULT);
	struct batch *b = &service.batch;

	if (clients != NULL && door_read_clients(&service, clients) == -1)
		die(DEFER, "QUEUE_CLIENTS is no list of uids");
	lock_journal();
	raise_limits();
	service_tick(&service);
	batch_init(b, bytes < SLOTS_BYTES_MIN ? SLOTS_BYTES_MIN : bytes);
	if (getrandom(&b->unsettled.seed, sizeof b->unsettled.seed, 0) == -1)
		diesys(DEFER, "unable to get random bytes");
	b->prepared.seed = b->lately.seed = b->unsettled.seed;
	service.boot = read_boot();
	if (restore(b) == -1)
		die(DEFER, "unable to read the journal in " SLOTS_FOLDER);
	service.sweep = service.unsure = 1;
	service.guests.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (service.guests.epoll == -1)
		diesys(DEFER, "unable to watch clients");
	set_signals();
	fcntl(LISTENING, F_SETFL, O_NONBLOCK);
	watch(LISTENING, &door, EPOLLIN);
	service_tick(&service);
	service.alone_since = service.now;
}

static void
reap(void)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == service.batch.slots.maker)
			slots_made(&service.batch.slots, status, service.now);
		else if (pid == service.filer)
			filing_ended(&service, status);
		else
			large_ended(&service, pid, status);
	}
}

static void
hear_signals(void)
{
	struct signalfd_siginfo heard;

	while (read(signals, &heard, sizeof heard) == sizeof heard)
		if (heard.ssi_signo != SIGCHLD)
			told_to_stop = 1;
	reap();
}

static void
open_door(void)
{
	if (door_open(&service, LISTENING) == 0)
		return;
	carpsys("unable to take another client");
	epoll_ctl(service.guests.epoll, EPOLL_CTL_DEL, LISTENING, NULL);
	closed_until = service.now + PAUSE;
}

static void
hear(struct guest *g)
{
	static char piece[PIECE];
	int more = g == service.scheduler ? SCHEDULER_PIECES : 1;
	ssize_t r = sizeof piece;

	while (more-- > 0 && r == sizeof piece && g->fd != -1) {
		r = recv(g->fd, piece, sizeof piece, MSG_DONTWAIT);
		if (r == -1 && (errno == EINTR || errno == EAGAIN))
			break;
		if (r <= 0) {
			errands_leave(&service, g);
			return;
		}
		guest_heard(&service.guests, g, service.now);
		desk_take(&service, g, piece, (size_t)r);
	}
	guest_watch(&service.guests, g);
}

static void
attend(struct guest *g, unsigned happened)
{
	int reads = (g->events & EPOLLIN) != 0;

	if (g->fd == -1 || g->child != 0)
		return;
	if (happened & EPOLLOUT) {
		g->blocked = 0;
		if (guest_flush(g) == -1) {
			errands_leave(&service, g);
			return;
		}
		guest_watch(&service.guests, g);
	}
	if (reads && (happened & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		hear(g);
	else if (happened & (EPOLLHUP | EPOLLERR))
		errands_leave(&service, g);
}

/* Wait for what there is to do, and take all of it. */
static void
turn(void)
{
	int n =
	    epoll_wait(service.guests.epoll, events, EVENTS, service_patience(&service));

	if (n == -1 && errno != EINTR)
		diesys(DEFER, "unable to wait for clients");
	service_tick(&service);
	for (int i = 0; i < n; i++) {
		struct guest *g = events[i].data.ptr;

		if (g == &door)
			open_door();
		else if (g == &bell)
			hear_signals();
		else
			attend(g, events[i].events);
	}
	if (closed_until != 0 && service.now >= closed_until) {
		closed_until = 0;
		watch(LISTENING, &door, EPOLLIN);
	}
	door_look(&service);
}

/* What was said is written, also when its segment is only being made. */
static void
finish(void)
{
	struct slots *slots = &service.batch.slots;
	int status;

	service_commit(&service);
	if (service.batch.since != 0 && slots->maker != 0 &&
	    waitpid(slots->maker, &status, 0) == slots->maker) {
		slots_made(slots, status, service.now);
		service_commit(&service);
	}
	filing_publish(&service);
}

int
main(int argc, char **argv)
{
	(void)argv;
	errmsg_iam("queue-serve");
	if (argc != 1)
		die(DEFER, "usage: queue-serve");
	home_enter();
	if (custodian_become() == -1)
		die(DEFER, "unable to work in ", home_path(), "/queue");
	umask(077);
	begin();
	ready_tell();
	while (!told_to_stop) {
		service_go_on(&service);
		filing_publish(&service);
		handover_go_on(&service);
		errands_make_room(&service);
		filing_begin(&service);
		errands_tell(&service);
		desk_go_on(&service);
		guest_bury(&service.guests);
		turn();
	}
	finish();
	return ACCEPT;
}
