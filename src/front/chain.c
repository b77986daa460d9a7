#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "front/chain.h"
#include "lib/farewell.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/verdict.h"

void
chain_misuse(const char *reply, const char *usage)
{
	carp("usage: ", usage);
	farewell_end(reply, DEFER);
}

int
chain_ask_home(int (*ask)(void))
{
	int here, r;

	here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here == -1 || chdir(home_path()) == -1) {
		carpsys("unable to enter ", home_path());
		return -1;
	}
	r = ask();
	if (fchdir(here) == -1) {
		carpsys("unable to leave ", home_path());
		r = -1;
	}
	close(here);
	return r;
}

void
chain_exec(const char *reply, char **argv)
{
	execvp(argv[0], argv);
	farewell_fail(reply, "run", argv[0]);
}

unsigned
chain_number(const char *reply, const char *usage, const char *s, unsigned long long max)
{
	unsigned long long n = 0;

	if (s == NULL || !text_number(s, strlen(s), max, &n) || !n)
		chain_misuse(reply, usage);
	return (unsigned)n;
}
