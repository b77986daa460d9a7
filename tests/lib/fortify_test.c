#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <atf-c.h>

#include "lib/fortify.h"

static char small[8];
static const char long_word[] = "far too long for it";

/* Numbers that the compiler doesn't know. */
static volatile size_t nine = 9, eight = 8;

/* By what signal does a process end that does this? */
static int
signal_of(void (*act)(size_t), size_t n)
{
	pid_t child = fork();
	int status;

	ATF_REQUIRE(child != -1);
	if (child == 0) {
		signal(SIGILL, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		act(n);
		_exit(0);
	}
	ATF_REQUIRE_EQ(child, waitpid(child, &status, 0));
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	ATF_REQUIRE_EQ(0, WEXITSTATUS(status));
	return 0;
}

static int
is_trap(int number)
{
	return number == SIGILL || number == SIGTRAP;
}

static void
copy(size_t n)
{
	char from[16] = "";

	memcpy(small, from, n);
}

static void
copy_out(size_t n)
{
	char to[16];

	memcpy(to, small, n);
}

static void
move(size_t n)
{
	char from[16] = "";

	memmove(small, from, n);
}

static void
set(size_t n)
{
	memset(small, 0, n);
}

static void
copy_string(size_t n)
{
	strcpy(small, long_word + sizeof long_word - n);
}

static void
copy_string_on(size_t n)
{
	stpcpy(small, long_word + sizeof long_word - n);
}

static void
append(size_t n)
{
	strcpy(small, "abc");
	strcat(small, long_word + sizeof long_word - n + 3);
}

static void
read_in(size_t n)
{
	int fd = open("/dev/zero", O_RDONLY);

	if (read(fd, small, n) != (ssize_t)n)
		_exit(1);
}

static void
pread_in(size_t n)
{
	int fd = open("/dev/zero", O_RDONLY);

	if (pread(fd, small, n, 0) != (ssize_t)n)
		_exit(1);
}

static void
receive(size_t n)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == -1 ||
	    send(pair[0], "12345678", 8, 0) != 8 || recv(pair[1], small, n, 0) != 8)
		_exit(1);
}

static void
randomise(size_t n)
{
	if (getrandom(small, n, 0) != (ssize_t)n)
		_exit(1);
}

static void
poll_many(size_t n)
{
	struct pollfd list[8] = {{0}};

	poll(list, n, 0);
}

ATF_TC_WITHOUT_HEAD(what_fits_is_done_and_what_does_not_ends_the_program);
ATF_TC_BODY(what_fits_is_done_and_what_does_not_ends_the_program, tc)
{
	static const struct {
		const char *name;
		void (*act)(size_t);
	} calls[] = {
	    {"memcpy to", copy},
	    {"memcpy from", copy_out},
	    {"memmove", move},
	    {"memset", set},
	    {"strcpy", copy_string},
	    {"stpcpy", copy_string_on},
	    {"strcat", append},
	    {"read", read_in},
	    {"pread", pread_in},
	    {"recv", receive},
	    {"getrandom", randomise},
	    {"poll", poll_many},
	};
	size_t i;

	for (i = 0; i < sizeof calls / sizeof *calls; i++) {
		ATF_CHECK_EQ_MSG(0, signal_of(calls[i].act, eight),
		    "%s ends a program that is right", calls[i].name);
		ATF_CHECK_MSG(is_trap(signal_of(calls[i].act, nine)),
		    "%s writes past the end", calls[i].name);
	}
}

ATF_TC_WITHOUT_HEAD(the_end_of_what_was_allocated_is_known);
ATF_TC_BODY(the_end_of_what_was_allocated_is_known, tc)
{
	static char field[4][8];

	memset(field[1], 1, eight);
	ATF_CHECK_EQ(1, field[1][7]);
	ATF_CHECK_EQ(0, field[2][0]);
	ATF_CHECK_STREQ("abc", strcpy(field[3], "abc"));
	ATF_CHECK_EQ(field[3] + 2, stpcpy(field[3], "xy"));
	ATF_CHECK_STREQ("xyz", strcat(field[3], "z"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_fits_is_done_and_what_does_not_ends_the_program);
	ATF_TP_ADD_TC(tp, the_end_of_what_was_allocated_is_known);
	return atf_no_error();
}
